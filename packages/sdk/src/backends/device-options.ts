/** The options of a device URI, `cpu?threads=4&memoryMiB=3000`, for backends: what is not known, given twice or not allowed is refused by name. */
import { InvalidRequestError } from '../errors/isinglass-error.ts';

export class DeviceOptions<K extends string> {
  /** What stands before the question mark: `cpu`, `fpga-sim:conv-m`. */
  readonly device: string;
  readonly #uri: string;
  readonly #known: Readonly<Record<K, string>>;
  readonly #given = new Map<K, string>();

  /**
   * `known`: what each option may be, in words for its user. Throws InvalidRequestError for a device that is not one of `devices`, an unknown option, or
   * one that is given twice.
   */
  constructor(uri: string, o: { readonly devices: readonly string[]; readonly known: Readonly<Record<K, string>> }) {
    const mark = uri.indexOf('?');
    this.device = mark < 0 ? uri : uri.slice(0, mark);
    this.#uri = uri;
    this.#known = o.known;
    if (!o.devices.includes(this.device)) {
      const there = `there ${o.devices.length === 1 ? 'is' : 'are'} ${o.devices.join(', ')}`;
      throw refused(`no device ${JSON.stringify(this.device)}; ${there}`);
    }
    const names = Object.keys(o.known) as K[];
    for (const [key, value] of new URLSearchParams(mark < 0 ? '' : uri.slice(mark + 1))) {
      const option = names.find((name) => name === key);
      if (option === undefined) {
        throw refused(`${uri}: unknown option ${JSON.stringify(key)}; known: ${names.join(', ')}`);
      }
      if (this.#given.has(option)) throw refused(`${uri}: option ${option} is given twice`);
      this.#given.set(option, value);
    }
  }

  has(option: K): boolean {
    return this.#given.has(option);
  }

  /** Any text but an empty one; undefined where it is not given. */
  text(option: K): string | undefined {
    const value = this.#given.get(option);
    if (value === '') throw this.bad(option, value);
    return value;
  }

  /** One of these; undefined where it is not given. */
  oneOf<V extends string>(option: K, values: readonly V[]): V | undefined {
    const value = this.#given.get(option);
    if (value === undefined) return undefined;
    const found = values.find((each) => each === value);
    if (found === undefined) throw this.bad(option, value);
    return found;
  }

  /** A whole number of at least 1; undefined where it is not given. */
  wholeNumber(option: K): number | undefined {
    const value = this.#given.get(option);
    if (value === undefined) return undefined;
    if (!/^[1-9]\d{0,14}$/.test(value)) throw this.bad(option, value);
    return Number(value);
  }

  /** A number of at least 0 in plain digits, `250`, `0.08`; undefined where it is not given. */
  decimal(option: K): number | undefined {
    const value = this.#given.get(option);
    if (value === undefined) return undefined;
    if (!/^\d{1,15}(\.\d{1,15})?$/.test(value)) throw this.bad(option, value);
    return Number(value);
  }

  /** The error for a value that is not allowed. */
  bad(option: K, value: string): InvalidRequestError {
    return refused(`${this.#uri}: option ${option} is ${JSON.stringify(value)}; allowed: ${this.#known[option]}`);
  }
}

const refused = (message: string): InvalidRequestError => new InvalidRequestError(message, { where: 'uri' });

/** What a session asks of every block, but for the images. */
import type { ReadoutRequest } from '../contract/driver.ts';
import { oneOf } from '../device/check-values.ts';
import type { RunRequest } from '../device/run-request.ts';
import { InvalidRequestError } from '../errors/isinglass-error.ts';
import type { Block, Readout } from '../program/program-json.ts';
import { perBlock } from './per-block.ts';
import type { PerBlock, SessionRunOptions } from './session-options.ts';

export interface BlockRequest {
  readonly block: Block;
  readonly request: Omit<RunRequest, 'images' | 'inputs' | 'signal' | 'onProgress'>;
  /** What becomes of each of the request's readouts, in order. */
  readonly readouts: readonly BlockReadout[];
}
export interface BlockReadout {
  /** The spin value that the signs define. */
  readonly signs: string | undefined;
  /** Where the report keeps the sums. */
  readonly sums: string | undefined;
}

/** In program order. Throws InvalidRequestError for options that fit no block. */
export function blockRequests(blocks: readonly Block[], o: SessionRunOptions): readonly BlockRequest[] {
  const sweeps = perBlock('sweeps', o.sweeps, blocks);
  const burnIn = perBlock('burnIn', o.burnIn, blocks);
  const stride = perBlock('stride', o.stride, blocks);
  const chains = perBlock('chains', o.chains, blocks);
  const readout = words('readout', o.readout, blocks, ['spin-sum', 'conditional-sum']);
  const start = words('start', o.start, blocks, ['random', 'feed-forward']);
  const gains = gainsPerBlock(o.gains ?? {}, blocks);
  checkSumNames(o.sums ?? [], blocks);
  return blocks.map((block, n) => {
    const wanted = block.readouts
      .filter((r) => r.observable !== 'state')
      .map((r) => ({ readout: r, signs: r.signs, sums: sumName(r, block, o.sums ?? []) }))
      .filter((r) => r.signs !== undefined || r.sums !== undefined);
    const kind = start[n];
    return {
      block,
      request: {
        block: block.index,
        seed: o.seed,
        ...given('sweeps', sweeps[n]),
        ...given('burnIn', burnIn[n]),
        ...given('stride', stride[n]),
        ...given('chains', chains[n]),
        gains: gains[n] ?? {},
        ...given('timeline', o.timeline),
        ...(kind === undefined ? {} : { start: { kind } }),
        readouts: wanted.map((r) => readoutRequest(r.readout, readout[n], r)),
      },
      readouts: wanted,
    };
  });
}

/** An option of a few words, for every block. */
function words<T extends string>(
  field: string,
  option: PerBlock<T> | undefined,
  blocks: readonly Block[],
  allowed: readonly T[],
): readonly (T | undefined)[] {
  return perBlock(field, option, blocks).map((word) => (word === undefined ? word : oneOf(field, word, allowed)));
}

function given<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}

function readoutRequest(
  { bank, observable, tie }: Readout,
  instead: 'spin-sum' | 'conditional-sum' | undefined,
  wanted: BlockReadout,
): ReadoutRequest {
  const as = wanted.sums === undefined ? 'signs' : wanted.signs === undefined ? 'sums' : 'both';
  return { bank, observable: instead ?? observable, as, tie };
}

/** A readout's sums go by the name of its signs, or by `block.readout`. */
function sumName(readout: Readout, block: Block, names: readonly string[]): string | undefined {
  return names.find((name) => name === readout.signs || name === `${block.id}.${readout.id}`);
}

function checkSumNames(names: readonly string[], blocks: readonly Block[]): void {
  for (const name of names) {
    const found = blocks.some((b) => b.readouts.some((r) => r.observable !== 'state' && sumName(r, b, [name])));
    if (found) continue;
    const known = blocks.flatMap((b) => b.readouts.map((r) => r.signs ?? `${b.id}.${r.id}`));
    throw new InvalidRequestError(`sums names "${name}"; allowed: ${known.join(', ') || 'none'}`, { where: 'sums' });
  }
}

function gainsPerBlock(
  gains: NonNullable<SessionRunOptions['gains']>,
  blocks: readonly Block[],
): readonly Readonly<Record<string, number>>[] {
  const out = blocks.map((): Record<string, number> => ({}));
  for (const [id, option] of Object.entries(gains)) {
    const values = perBlock(`gains.${id}`, option, blocks);
    let used = false;
    blocks.forEach((block, n) => {
      const value = values[n];
      if (value === undefined || !block.gains.some((gain) => gain.id === id && gain.runtime)) return;
      used = true;
      (out[n] as Record<string, number>)[id] = value;
    });
    if (used) continue;
    const known = new Set(blocks.flatMap((b) => b.gains.filter((gain) => gain.runtime).map((gain) => gain.id)));
    throw new InvalidRequestError(
      `gains.${id} is not a runtime gain of any block; allowed: ${[...known].join(', ') || 'none'}`,
      { where: `gains.${id}` },
    );
  }
  return out;
}

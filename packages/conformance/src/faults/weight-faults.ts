/** Faults of what a device holds: weights, fields and β that are not those of the program that it was asked to load. */
import { type Bias, type Block, createProgram, type Program } from '@isinglass/sdk';
import { type HeldChanges, heldProgram } from './held-program.ts';
import type { Spoiler } from './spoiled-driver.ts';

/** Holds the program with these changes, and says that it holds what was asked for. */
export function holding(changes: HeldChanges): Spoiler {
  return { held: (program) => heldProgram(program, changes), effective: async (asked) => asked };
}

/** β times `factor` (M01, M03 with ½). */
export const betaScaled = (factor: number): Spoiler => holding({ betaFactor: factor });

/** All J with the other sign. */
export const signError = (): Spoiler => holding({ weight: (w) => -w });

/** Weights lose their lowest bits and fields are cut to multiples of `step`, towards zero or downwards (M15). */
export function truncated(o: {
  readonly bits: number;
  readonly step: number;
  readonly towards: 'zero' | 'floor';
}): Spoiler {
  const cut = o.towards === 'zero' ? Math.trunc : Math.floor;
  const multiple = 2 ** o.bits;
  // Downwards, −127 would become −128, which no coupling may hold.
  const weight = (w: number): number => Math.max(-127, cut(w / multiple) * multiple);
  return holding({ weight, fields: (values) => values.map((h) => cut(h / o.step) * o.step) });
}

/** Fields rounded down to multiples of `step`, while `effective()` tells of fields rounded to the nearest (M16). */
export function misreported(step: number): Spoiler {
  const rounded = (round: (x: number) => number) => (program: Program) =>
    heldProgram(program, { fields: (values) => values.map((h) => round(h / step) * step) });
  return { held: rounded(Math.floor), effective: async (asked) => rounded(Math.round)(asked) };
}

/** Fields rounded down to multiples of `step`, and told of as they are: not by the nearest, and not the same for both signs (M15). */
export function roundedDown(step: number): Spoiler {
  const rounded = (program: Program): Program =>
    heldProgram(program, { fields: (values) => values.map((h) => Math.floor(h / step) * step) });
  return { held: rounded, effective: async (asked) => rounded(asked) };
}

/** Tensors are read from the beginning of their memory, wherever they begin in it: programs from files are torn. */
export const offsetsIgnored = (): Spoiler => ({
  held({ json, tensors }) {
    const torn = [...tensors].map(([name, { dtype, shape, data }]) => {
      const own = new Uint8Array(data.buffer.slice(0, data.byteLength));
      const copy = data.slice();
      new Uint8Array(copy.buffer, copy.byteOffset, copy.byteLength).set(own);
      return [name, { dtype, shape, data: copy }] as const;
    });
    return createProgram(json, new Map(torn));
  },
});

/** What `misreported` would be without its fault: the device uses the fields that it tells of. */
export function roundedFields(step: number): Spoiler {
  const rounded = (program: Program): Program =>
    heldProgram(program, { fields: (values) => values.map((h) => Math.round(h / step) * step) });
  return { held: rounded, effective: async (asked) => rounded(asked) };
}

/** Weights are kept in `bits` bits of two's complement, whatever the profile says: larger ones wrap (M17). */
export function wrapping(bits: number): Spoiler {
  const half = 2 ** (bits - 1);
  return holding({ weight: (w) => ((((w + half) % (2 * half)) + 2 * half) % (2 * half)) - half });
}

/** The field of one free spin of each block has the wrong sign: the strongest field there is (M12). */
export function flippedField(): Spoiler {
  return holding({
    fields(values, { bias, block }) {
      if (bias !== firstFreeBias(block)) return values;
      const strongest = values.reduce((best, h, n) => (Math.abs(h) > Math.abs(values[best] as number) ? n : best), 0);
      return values.map((h, n) => (n === strongest ? -h : h));
    },
  });
}

/** Fields are ignored and couplings counted for both of their directions (M13). */
export const fieldsIgnored = (): Spoiler => holding({ fields: (values) => values.map(() => 0), couplingFactor: 2 });

/** β doubled, J halved and h left alone: all h are doubled (M53). */
export const cancellingErrors = (): Spoiler => holding({ betaFactor: 2, couplingFactor: 0.5 });

/** J and h to the nearest multiple of `step` in units of k_B·T. */
export const coarseValues = (step: number): Spoiler =>
  holding({
    weight: (w, { scale }) => Math.round((Math.round((w * scale) / step) * step) / scale),
    fields: (values) => values.map((h) => Math.round(h / step) * step),
  });

const isFree = ({ banks }: Block, id: string): boolean => banks.some((bank) => bank.id === id && bank.role === 'free');

const firstFreeBias = (block: Block): Bias | undefined => block.biases.find(({ bank }) => isFree(block, bank));

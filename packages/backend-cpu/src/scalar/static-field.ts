/**
 * The part of the field that no sweep changes, once per image (semantics 4.4):
 *
 *   H_i = bias_i + Σ_{couplings whose other bank is pinned} contribution(A_i)
 */
import { type PackedSpins, wordsPerRow } from '@isinglass/sdk';
import type { BankStructure, BlockStructure } from './block-structure.ts';
import type { RunLaw } from './law.ts';
import { lanesFor, packLanes } from './row-packing.ts';
import type { Scratch } from './tile.ts';
import { inParts, type Work } from './work.ts';

/** H of every free bank, `[images][spins]`. */
export class StaticFields {
  readonly #ofBank: readonly Float64Array[];

  constructor(structure: BlockStructure, images: number) {
    this.#ofBank = structure.banks.map((bank) => new Float64Array(bank.free ? images * bank.spinCount : 0));
  }

  ofBank(index: number): Float64Array {
    return this.#ofBank[index] as Float64Array;
  }

  /** Takes image `from` of `other` as image `to`. */
  copyImage(structure: BlockStructure, to: number, other: StaticFields, from: number): void {
    for (const { index, spinCount } of structure.banks) {
      const source = other.ofBank(index);
      if (source.length > 0) {
        this.ofBank(index).set(source.subarray(from * spinCount, (from + 1) * spinCount), to * spinCount);
      }
    }
  }
}

/** Computes the static fields of the listed images, as many at a time as a tile has rows. */
export function* computeStaticFields(
  structure: BlockStructure,
  o: {
    readonly law: RunLaw;
    readonly inputs: Readonly<Record<string, PackedSpins>>;
    /** Indices within the run. */
    readonly images: readonly number[];
    readonly tileRows: number;
    readonly scratch: Scratch;
    readonly fields: StaticFields;
  },
): Work {
  for (let begin = 0; begin < o.images.length; begin += o.tileRows) {
    yield* fieldsOfImages(structure, { ...o, images: o.images.slice(begin, begin + o.tileRows) });
  }
}

function* fieldsOfImages(structure: BlockStructure, o: Parameters<typeof computeStaticFields>[1]): Work {
  const { law, scratch, images } = o;
  const rows = images.length;
  const lanes = lanesFor(rows, law.packing);
  const inputs = new Map<number, Float64Array>();
  for (const bank of structure.banks) {
    if (!bank.free) inputs.set(bank.index, yield* packedInputs(bank, o.inputs, images, law));
  }
  for (const bank of structure.banks) {
    if (!bank.free) continue;
    const bias = law.bias(bank.bank.id);
    const { acc, field } = scratch;
    yield* inParts(bank.allSpins, rows, (part) => {
      for (const spin of part) field.fill(bias[spin] as number, spin * rows, (spin + 1) * rows);
    });
    for (const { coupling, map, side, giver } of bank.fromPinned) {
      acc.fill(0, 0, bank.spinCount * lanes);
      yield* map.apply({ side, acc, x: inputs.get(giver) as Float64Array, lanes, spins: bank.allSpins });
      yield* inParts(bank.allSpins, rows, (spins) => law.addContribution(coupling.id, { spins, rows, field, acc }));
    }
    const H = o.fields.ofBank(bank.index);
    yield* inParts(bank.allSpins, rows, (part) => {
      for (const spin of part) {
        images.forEach((image, row) => {
          H[image * bank.spinCount + spin] = field[spin * rows + row] as number;
        });
      }
    });
  }
}

/** A pinned bank's values for some images, packed for the couplings. */
function* packedInputs(
  { bank, spinCount, allSpins }: BankStructure,
  inputs: Readonly<Record<string, PackedSpins>>,
  images: readonly number[],
  law: RunLaw,
): Generator<void, Float64Array, void> {
  const { words } = inputs[bank.id] as PackedSpins;
  const rows = images.length;
  const stride = wordsPerRow(spinCount);
  const states = new Int8Array(spinCount * rows);
  const x = new Float64Array(spinCount * lanesFor(rows, law.packing));
  yield* inParts(allSpins, rows, (part) => {
    for (const spin of part) {
      images.forEach((image, row) => {
        const bit = ((words[image * stride + (spin >>> 5)] as number) >>> (spin & 31)) & 1;
        states[spin * rows + row] = 2 * bit - 1;
      });
    }
    packLanes(part, states, x, rows, law.packing);
  });
  return x;
}

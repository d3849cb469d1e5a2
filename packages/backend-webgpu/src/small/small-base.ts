/** What the fields of a small block begin with (semantics 4.4): biases by place, or static fields by image and place. */
import type { PackedSpins } from '@isinglass/sdk';
import { type FieldBase, fieldDispatches } from '../machine/field-dispatches.ts';
import type { BankBuffers } from '../machine/run-buffers.ts';
import type { RunContext } from '../machine/run-sweeps.ts';
import { giverOf, pinnedSpreads } from '../machine/sweep-dispatches.ts';
import type { SmallBlock } from './small-block.ts';

export async function smallBase(
  { host, block, run, law }: RunContext,
  { places, firstPlace }: SmallBlock,
): Promise<FieldBase> {
  const biases = new Int32Array(places);
  for (const { index, bank, free } of block.banks) {
    if (free) biases.set(law.biases.get(bank.id) as Int32Array, firstPlace.get(index));
  }
  const images = run.images.length;
  if (block.statics.every((influences) => influences.length === 0)) {
    return { buffer: host.filled('biases', biases), rows: 1, stride: 0 };
  }
  const all = new Int32Array(images * places);
  for (let image = 0; image < images; image++) all.set(biases, image * places);
  const field = host.filled('static fields', all);
  const unread = host.storage('no base', 1);
  const banks = block.banks.map((bank): BankBuffers => {
    const none = { bank, biases: null, statics: null, spinSums: null, conditionalSums: null };
    if (bank.free) return { ...none, states: unread, spread: null };
    const states = host.filled(bank.bank.id, (run.inputs[bank.bank.id] as PackedSpins).words);
    const words = images * bank.pixels * bank.pixelWords;
    return { ...none, states, spread: bank.spread ? host.storage(`${bank.bank.id} by pixel`, words) : null };
  });
  const fields = block.statics.flatMap((influences, index) =>
    influences.flatMap((loaded) => {
      const target = {
        field: { buffer: field, first: firstPlace.get(index) as number, stride: places },
        base: { buffer: unread, rows: 1, stride: 0 },
      };
      const giver = giverOf({ banks }, loaded.influence.giver);
      return fieldDispatches(loaded, target, giver, { kind: 'law', begins: false, law });
    }),
  );
  await host.compute([...pinnedSpreads({ banks }), ...fields], images);
  return { buffer: field, rows: run.chains, stride: places };
}

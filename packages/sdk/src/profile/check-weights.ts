/** Whether a device's couplings can take a block's weights (semantics 4.1). */
import type { Misfit } from '../contract/driver.ts';
import { couplingView } from '../couplings/coupling-view.ts';
import { weightRef, weightsOf } from '../couplings/tensor-values.ts';
import type { Program, TensorData } from '../program/program.ts';
import type { Block, Coupling } from '../program/program-json.ts';
import type { DeviceProfile } from './device-profile.ts';
import { atMost, mustHave, within } from './misfits.ts';

export function checkWeights(program: Program, block: Block, where: string, profile: DeviceProfile): readonly Misfit[] {
  const found: Misfit[] = [];
  block.couplings.forEach((coupling, index) => {
    const place = `${where}.couplings[${index}]`;
    const values = weightsOf(program.tensors, weightRef(coupling.form));
    const { low, high } = extremes(values);
    const factor = gainOf(block, coupling) * (coupling.scale ?? 1);
    found.push(
      ...within(
        profile.weights.range,
        { low: factor * low, high: factor * high },
        {
          limit: 'weights.range',
          where: place,
          remedies: ['a smaller gain', 'smaller couplings'],
        },
      ),
    );
    const { levels } = profile.weights;
    if (levels !== null) {
      const strange = new Set<number>();
      for (const value of values) if (!levels.includes(value)) strange.add(value);
      found.push(
        ...mustHave(strange.size === 0, {
          limit: 'weights.levels',
          where: place,
          remedies: [`quantize to the levels ${levels.join(', ')}`],
        }),
      );
    }
    if (coupling.scale === undefined) return;
    const bits = signedBits(Math.max(-low, high));
    found.push(
      ...atMost(profile.weights.bits, bits, {
        limit: 'weights.bits',
        where: place,
        remedies: [`compile with --weight-bits ${profile.weights.bits ?? bits - 1}`],
      }),
      ...atMost(profile.field.accumulatorBits, accumulatorBits(program, block, coupling), {
        limit: 'field.accumulatorBits',
        where: place,
        remedies: ['fewer weight bits', 'a smaller fan-in'],
      }),
    );
  });
  return [...found, ...checkScales(program, block, where, profile)];
}

/** The J of one block, or of one device, must share a scale where the hardware has only one. */
function checkScales(program: Program, block: Block, where: string, profile: DeviceProfile): readonly Misfit[] {
  const { scalePer } = profile.weights;
  if (scalePer === 'coupling' || program.json.law.kind !== 'fixed') return [];
  const blocks = scalePer === 'block' ? [block] : program.json.stages.filter((stage) => stage.kind === 'block');
  const scales = new Set(blocks.flatMap((b) => b.couplings.map((c) => gainOf(b, c) * (c.scale ?? 1))));
  return atMost(1, scales.size, {
    limit: 'weights.scalePer',
    where: `${where}.couplings`,
    remedies: [`quantize all couplings of one ${scalePer} with one scale`],
  });
}

/** Of the largest sum at a free spin: a pinned spin has no field. */
function accumulatorBits(program: Program, block: Block, coupling: Coupling): number {
  const view = couplingView(coupling, block, program.tensors);
  let largest = 0;
  for (const side of ['from', 'to'] as const) {
    if (block.banks.find((bank) => bank.id === coupling[side])?.role !== 'free') continue;
    for (const sum of view.absoluteSums(side)) largest = Math.max(largest, sum);
  }
  return signedBits(largest);
}

/** The smallest b with magnitude ≤ 2^(b−1) − 1. */
function signedBits(magnitude: number): number {
  let bits = 1;
  while (2 ** (bits - 1) - 1 < magnitude) bits++;
  return bits;
}

function gainOf(block: Block, coupling: Coupling): number {
  return block.gains.find((gain) => gain.id === coupling.gain)?.value ?? 1;
}

function extremes(values: Exclude<TensorData, BigUint64Array | BigInt64Array>): { low: number; high: number } {
  let low = 0;
  let high = 0;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

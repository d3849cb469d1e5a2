/** Whether a device's biases can take a block's (semantics 4.4). */
import type { Misfit } from '../contract/driver.ts';
import { biasTensorOf } from '../couplings/tensor-values.ts';
import { biasUnits } from '../law/bias-units.ts';
import type { Program } from '../program/program.ts';
import type { Block } from '../program/program-json.ts';
import type { DeviceProfile } from './device-profile.ts';
import { atMost, mustHave, within } from './misfits.ts';

export function checkBiases(program: Program, block: Block, where: string, profile: DeviceProfile): readonly Misfit[] {
  const found: Misfit[] = [...checkFractionBits(block, where, profile)];
  block.biases.forEach((bias, index) => {
    const place = `${where}.biases[${index}]`;
    const gain = block.gains.find((candidate) => candidate.id === bias.gain)?.value ?? 1;
    const values = biasTensorOf(program.tensors, bias.values);
    let low = 0;
    let high = 0;
    for (const value of values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    found.push(
      ...mustHave(profile.bias.granularity === 'spin' || bias.form === 'channel', {
        limit: 'bias.granularity',
        where: place,
        remedies: ['a device whose biases differ from spin to spin', 'a model without padded affine offsets'],
      }),
      ...within(
        profile.bias.range,
        { low: gain * low, high: gain * high },
        {
          limit: 'bias.range',
          where: place,
          remedies: ['smaller biases', 'a smaller gain'],
        },
      ),
    );
    if (block.fixed === undefined) return;
    const f = { ...block.fixed, gain };
    const units = Math.max(-biasUnits(f, low), biasUnits(f, high));
    found.push(
      ...atMost(profile.bias.bits, units === 0 ? 0 : Math.floor(Math.log2(units)) + 2, {
        limit: 'bias.bits',
        where: place,
        remedies: ['fewer fraction bits', 'smaller biases'],
      }),
    );
  });
  return found;
}

function checkFractionBits(block: Block, where: string, profile: DeviceProfile): readonly Misfit[] {
  if (block.fixed === undefined) return [];
  const { fractionBits: needed } = block.fixed;
  const { fractionBits: stated } = profile.field;
  const need = {
    limit: 'field.fractionBits',
    where: `${where}.fixed`,
    remedies: stated === null ? ['ask the vendor for the grid of the local field'] : fractionBitsRemedy(stated),
  };
  if (stated === null) return [{ ...need, needed, available: null }];
  return within(stated, { low: needed, high: needed }, need);
}

function fractionBitsRemedy(stated: { readonly min: number; readonly max: number }): readonly string[] {
  return [`compile with --fraction-bits between ${stated.min} and ${stated.max}`];
}

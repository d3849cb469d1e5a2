/** P141, with the P104 and P105 of bias tensors. */

import type { Bias } from '../program-json.ts';
import { shapeText } from '../tensor-types.ts';
import type { BiasFacts, BlockFacts, ProgramContext, SoundBank } from './context.ts';

/** Every bias of the block that later checks can work with. */
export function checkBiases(facts: BlockFacts, program: ProgramContext): readonly BiasFacts[] {
  const checked = facts.block.biases.map((bias, n) => checkBias(bias, `${facts.where}.biases[${n}]`, facts, program));
  return checked.filter((bias) => bias !== undefined);
}

const ranks = { spin: [1, 2, 3], channel: [1], border: [2, 3] } as const;

function checkBias(bias: Bias, where: string, facts: BlockFacts, program: ProgramContext): BiasFacts | undefined {
  const refuse = (place: string, message: string) => program.found.add('P141', `${where}.${place}`, message);
  const bank = facts.banks.get(bias.bank);
  if (bank === undefined) refuse('bank', `the block has no bank ${JSON.stringify(bias.bank)}`);
  if (!facts.gains.has(bias.gain)) refuse('gain', `the block has no gain ${JSON.stringify(bias.gain)}`);
  const demand = { dtypes: ['F32'], ranks: ranks[bias.form] } as const;
  const tensor = program.tensors.finite(bias.values, `${where}.values`, demand);
  if (bank?.spinCount === undefined) return undefined;
  const sound: SoundBank = { ...bank, spinCount: bank.spinCount };
  const shape = neededShape(bias, sound, refuse);
  if (tensor === undefined || shape === undefined) return undefined;
  if (shape.join() !== tensor.shape.join()) {
    refuse('values', `the tensor has shape ${shapeText(tensor.shape)}, ${shapeText(shape)} belongs here`);
    return undefined;
  }
  const { data } = tensor;
  const gain = facts.gains.get(bias.gain);
  return data instanceof Float32Array ? { bias, where, bank: sound, values: data, gain } : undefined;
}

type Refuse = (place: string, message: string) => void;

/** The shape that the values must have, or undefined when the form cannot be applied to the bank. */
function neededShape(bias: Bias, { bank }: SoundBank, refuse: Refuse): readonly number[] | undefined {
  const { shape } = bank;
  if (bias.form === 'spin') return shape;
  if (shape.length < 2) {
    refuse('form', `a ${bias.form} bias needs a bank with channels; ${bank.id} has shape ${shapeText(shape)}`);
    return undefined;
  }
  const channels = shape[0] as number;
  if (bias.form !== 'border') return [channels];
  const { starts } = bias.border;
  const axes = shape.slice(1);
  if (starts.length !== axes.length) {
    refuse('border.starts', `${starts.length} lists for ${axes.length} spatial axes`);
    return undefined;
  }
  const sound = starts.map((list, axis) => {
    const fault = startsFault(list, axes[axis] as number);
    if (fault !== undefined) refuse(`border.starts[${axis}]`, fault);
    return fault === undefined;
  });
  return sound.every(Boolean) ? [channels, ...starts.map((list) => list.length)] : undefined;
}

function startsFault(starts: readonly number[], size: number): string | undefined {
  if (starts[0] !== 0) return `the list begins with ${starts[0] ?? 'nothing'}, not 0`;
  const fall = starts.findIndex((start, n) => n > 0 && start <= (starts[n - 1] as number));
  if (fall > 0) return `${starts[fall - 1]}, ${starts[fall]} do not rise`;
  const last = starts.at(-1) as number;
  return last < size ? undefined : `${last} is not below the axis size ${size}`;
}

/** P112, P113: the shapes, colors and values of a block's banks. */

import { spinCountOf } from '../block-layout.ts';
import { shapeText } from '../tensor-types.ts';
import type { BankColors, BankFacts, ProgramContext } from './context.ts';
import type { DraftBank, DraftBlock } from './draft-program.ts';

const paddedSpinsMax = 2 ** 32 - 1;
const colorMax = 65535;

export function checkBanks(block: DraftBlock, where: string, program: ProgramContext): ReadonlyMap<string, BankFacts> {
  const { found } = program;
  const sound = block.banks.map((bank, n) => isSoundShape(bank, `${where}.banks[${n}].shape`, program));
  const padded = block.banks
    .filter((_, n) => sound[n])
    .reduce((sum, bank) => sum + 32 * Math.ceil(spinCountOf(bank) / 32), 0);
  const countable = padded <= paddedSpinsMax;
  if (!countable)
    found.add('P112', `${where}.banks`, `the block has ${padded} spins, padded; at most ${paddedSpinsMax}`);
  const banks = new Map<string, BankFacts>();
  block.banks.forEach((bank, n) => {
    const place = `${where}.banks[${n}]`;
    const colors = bank.role === 'free' ? checkColors(bank, place, program) : undefined;
    if (bank.role === 'pinned') checkPinned(bank, place, program);
    const spinCount = sound[n] && countable ? spinCountOf(bank) : undefined;
    if (!banks.has(bank.id)) banks.set(bank.id, { bank, where: place, spinCount, colors });
  });
  return banks;
}

function isSoundShape(bank: DraftBank, where: string, { found }: ProgramContext): boolean {
  const { shape } = bank;
  const sound = shape.length >= 1 && shape.length <= 3 && shape.every((size) => size >= 1);
  if (!sound) found.add('P112', where, `shape ${shapeText(shape)}: rank 1 … 3 and sizes of at least 1 are allowed`);
  return sound;
}

function checkColors(bank: DraftBank, where: string, { found, tensors }: ProgramContext): BankColors | undefined {
  const { color, colorMap, value } = bank;
  if (value !== undefined) found.add('P113', `${where}.value`, 'a free bank takes no value');
  const map = colorMap && tensors.resolve(colorMap, `${where}.colorMap`, { dtypes: ['U16'], ranks: [1, 2, 3] });
  if (map !== undefined && map.shape.join() !== bank.shape.join()) {
    const message = `the tensor has shape ${shapeText(map.shape)}, the bank ${shapeText(bank.shape)}`;
    found.add('P104', `${where}.colorMap`, message);
    return undefined;
  }
  if ((color === undefined) === (colorMap === undefined)) {
    const has = color === undefined ? 'neither color nor colorMap' : 'both color and colorMap';
    found.add('P113', where, `a free bank has exactly one of color and colorMap; this one has ${has}`);
    return undefined;
  }
  if (color === undefined) return map?.data instanceof Uint16Array ? map.data : undefined;
  if (color >= 0 && color <= colorMax) return color;
  found.add('P113', `${where}.color`, `color ${color} is outside 0 … ${colorMax}`);
  return undefined;
}

function checkPinned(bank: DraftBank, where: string, { found, tensors }: ProgramContext): void {
  if (bank.color !== undefined) found.add('P113', `${where}.color`, 'a pinned bank has no color');
  if (bank.colorMap !== undefined) {
    tensors.resolve(bank.colorMap, `${where}.colorMap`, { dtypes: ['U16'], ranks: [1, 2, 3] });
    found.add('P113', `${where}.colorMap`, 'a pinned bank has no colors');
  }
  if (bank.value === undefined) found.add('P113', `${where}.value`, 'a pinned bank names the value that it takes');
}

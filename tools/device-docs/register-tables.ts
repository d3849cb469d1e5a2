/** Section 11 of docs/devices.md: what a host sees of an engine. */

import { convBitFields } from '../../packages/backend-fpga-sim/src/conv/conv-memory-map.ts';
import { windows } from '../../packages/backend-fpga-sim/src/host/hardware.ts';
import { registers } from '../../packages/backend-fpga-sim/src/host/register-map.ts';
import { type BitField, laneBitFields } from '../../packages/backend-fpga-sim/src/lane/lane-memory-map.ts';
import { code, table } from './cells.ts';

export function registersTable(): string {
  const rows = registers.map(({ name, offset, words, access, text }) => [
    code(name),
    String(offset),
    String(words),
    access,
    text,
  ]);
  return table(['register', 'word', 'words', 'access', 'what'], rows);
}

export const laneMemoriesTable = (): string => bitFieldsTable(laneBitFields);
export const convMemoriesTable = (): string => bitFieldsTable(convBitFields);

/** CONDITIONAL_SUMS of a memory map is conditionalSums among the windows. */
const numbers = new Map(
  Object.entries(windows).map(([name, number]) => [
    name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase(),
    number,
  ]),
);

function bitFieldsTable(fields: readonly BitField[]): string {
  const rows = fields.map(({ window, words, bits: [high, low], text }) => {
    const number = numbers.get(window);
    if (number === undefined) throw new Error(`no window ${window}`);
    return [code(window), String(number), words, high === low ? String(high) : `${high} … ${low}`, text];
  });
  return table(['memory', 'window', 'word', 'bits', 'what'], rows);
}

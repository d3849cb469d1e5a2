/** P123: no coupling joins two free spins of one color, and the schedule visits every color once. */
import { outputsOfTap, tapsOfInput, tapsOfOutput } from '../../couplings/conv-axis.ts';
import type { ViolationList } from '../violation.ts';
import type { BankColors, BlockFacts, ConvGeometry, CouplingFacts } from './context.ts';

export function checkColors(facts: BlockFacts, couplings: readonly CouplingFacts[], found: ViolationList): void {
  const palettes = new Map<BankColors, ReadonlySet<number>>();
  const palette = (colors: BankColors): ReadonlySet<number> => {
    const known = palettes.get(colors) ?? new Set(typeof colors === 'number' ? [colors] : colors);
    palettes.set(colors, known);
    return known;
  };
  for (const coupling of couplings) {
    const { from, to, where } = coupling;
    if (from.colors === undefined || to.colors === undefined) continue;
    const [a, b] = [palette(from.colors), palette(to.colors)];
    if (!meet(a, b)) continue;
    const conflict = conflictOf(coupling, from.colors, to.colors);
    if (conflict !== undefined) found.add('P123', where, conflict);
  }
  checkColorList(facts, palette, found);
}

function checkColorList(
  { block, banks, where }: BlockFacts,
  palette: (colors: BankColors) => ReadonlySet<number>,
  found: ViolationList,
): void {
  const inUse = new Set<number>();
  for (const { bank, colors } of banks.values()) {
    if (bank.role === 'pinned') continue;
    if (colors === undefined) return; // which colors are in use is not known
    for (const color of palette(colors)) inUse.add(color);
  }
  const listed = new Set(block.schedule.colors);
  const missing = [...inUse].filter((color) => !listed.has(color));
  const extra = [...listed].filter((color) => !inUse.has(color));
  const faults = [
    missing.length > 0 ? `not listed: ${few(missing)}` : '',
    extra.length > 0 ? `not in use: ${few(extra)}` : '',
    listed.size < block.schedule.colors.length ? 'a color stands twice' : '',
  ].filter((fault) => fault !== '');
  if (faults.length > 0) {
    found.add('P123', `${where}.schedule.colors`, `must list every color in use once; ${faults.join('; ')}`);
  }
}

function meet(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  if (a === b) return a.size > 0;
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  for (const color of small) if (large.has(color)) return true;
  return false;
}

function few(colors: readonly number[]): string {
  return colors.length > 5 ? `${colors.slice(0, 5).join(', ')} and ${colors.length - 5} more` : colors.join(', ');
}

/** The first pair found, in words. Stored zeros join their spins like any other entry. */
function conflictOf(coupling: CouplingFacts, from: BankColors, to: BankColors): string | undefined {
  const { geometry } = coupling;
  const names = `${coupling.from.bank.id} and ${coupling.to.bank.id}`;
  const color = (colors: BankColors, spin: number) => (typeof colors === 'number' ? colors : colors[spin]);
  const pair = (i: number, j: number) =>
    color(from, i) === color(to, j)
      ? `spins ${i} of ${coupling.from.bank.id} and ${j} of ${coupling.to.bank.id} are joined and have color ${color(to, j)}`
      : undefined;
  switch (geometry.kind) {
    case 'dense':
      // Every pair is joined, and the palettes are known to meet.
      return `all spins of ${names} are joined, some of them of one color`;
    case 'diagonal':
      return firstOf(coupling.weights.length, (spin) => pair(spin, spin));
    case 'sparse': {
      let row = 0;
      return firstOf(geometry.column.length, (n) => {
        while (Number(geometry.rowStart[row + 1]) <= n) row++;
        return pair(geometry.column[n] as number, row);
      });
    }
    case 'conv':
      return convConflict(geometry.conv, from, to)
        ? `${names} are joined by taps between spins of one color`
        : undefined;
    default:
      return geometry satisfies never;
  }
}

function firstOf(count: number, fault: (n: number) => string | undefined): string | undefined {
  for (let n = 0; n < count; n++) {
    const found = fault(n);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * A tap joins all input with all output channels of its group, so two positions conflict when their sets of colors
 * meet. The positions of a bank with a map are walked; a bank of one color needs no walk, however large it is.
 */
function convConflict(conv: ConvGeometry, from: BankColors, to: BankColors): boolean {
  if (typeof from === 'number' && typeof to === 'number') {
    return [conv.y, conv.x].every((axis) =>
      Array.from({ length: axis.taps }, (_, tap) => outputsOfTap(axis, tap)).some(({ first, last }) => first <= last),
    );
  }
  const side = typeof to === 'number' ? 'from' : 'to';
  const hits = side === 'to' ? tapsOfOutput : tapsOfInput;
  const inputs = new PositionColors(from, conv.fromPerGroup, conv.y.inputSize, conv.x.inputSize);
  const outputs = new PositionColors(to, conv.toPerGroup, conv.y.outputSize, conv.x.outputSize);
  const [walked, other] = side === 'to' ? [outputs, inputs] : [inputs, outputs];
  const columns = Array.from({ length: walked.width }, (_, x) => hits(conv.x, x));
  for (let y = 0; y < walked.height; y++) {
    const rows = hits(conv.y, y);
    for (let x = 0; x < walked.width; x++) {
      for (let group = 0; group < conv.groups; group++) {
        const mine = walked.at(group, y, x);
        const meets = rows.some((row) =>
          columns[x]?.some((column) => meet(mine, other.at(group, row.position, column.position))),
        );
        if (meets) return true;
      }
    }
  }
  return false;
}

/** The set of colors of the channels of a group at a position. Equal sets are one object. */
class PositionColors {
  readonly height: number;
  readonly width: number;
  readonly #uniform: ReadonlySet<number> | undefined;
  /** `[group][y][x]`. */
  readonly #sets: readonly ReadonlySet<number>[];

  constructor(colors: BankColors, perGroup: number, height: number, width: number) {
    this.height = height;
    this.width = width;
    this.#uniform = typeof colors === 'number' ? new Set([colors]) : undefined;
    this.#sets = typeof colors === 'number' ? [] : setsOf(colors, perGroup, height * width);
  }

  at(group: number, y: number, x: number): ReadonlySet<number> {
    const set = this.#uniform ?? this.#sets[(group * this.height + y) * this.width + x];
    return set ?? new Set();
  }
}

function setsOf(colors: Uint16Array, perGroup: number, positions: number): readonly ReadonlySet<number>[] {
  const shared = new Map<string, ReadonlySet<number>>();
  const groups = colors.length / (perGroup * positions);
  return Array.from({ length: groups * positions }, (_, n) => {
    const first = Math.floor(n / positions) * perGroup * positions + (n % positions);
    const set = new Set<number>();
    for (let channel = 0; channel < perGroup; channel++) set.add(colors[first + channel * positions] as number);
    const key = [...set].sort().join();
    const known = shared.get(key) ?? set;
    shared.set(key, known);
    return known;
  });
}

/** A block spin by spin, as an analog machine samples it. Spins are named by spinIndex (semantics 5.2); padding between banks has neither color nor partners. */
import {
  type BankLayout,
  type Block,
  biasValues,
  blockLayout,
  couplingView,
  type Program,
  referenceBeta,
  type Side,
} from '@isinglass/sdk';
import type { HeldProgram } from '../program-as-held.ts';

/** Spins that are walked between two yields. */
const spinsPerSlice = 1024;

export interface HeldBlock {
  readonly index: number;
  readonly layout: readonly BankLayout[];
  /** Length of a state: the padded spins of all banks. */
  readonly stateLength: number;
  /** Free spins of each color, in the order of a sweep. */
  readonly colors: readonly Uint32Array[];
  /** Partners of spin i are entries rowStart[i] … rowStart[i + 1] − 1 of `partners` and `couplings`; pinned spins have none of their own. */
  readonly rowStart: Uint32Array;
  readonly partners: Uint32Array;
  readonly couplings: Float32Array;
  readonly biases: Float64Array;
  /** What the field of each spin is multiplied by: β times the gain of its sigmoid. */
  readonly betas: Float64Array;
}

/** In slices. */
export function* heldBlock({ program, spinGains }: HeldProgram, index: number): Generator<void, HeldBlock, void> {
  const block = program.json.stages.find((stage): stage is Block => stage.kind === 'block' && stage.index === index);
  if (block === undefined) throw new TypeError(`the program has no block ${index}`);
  const layout = blockLayout(block);
  const last = layout.at(-1);
  const stateLength = last === undefined ? 0 : last.offset + 32 * Math.ceil(last.spinCount / 32);
  const biases = new Float64Array(stateLength);
  const betas = new Float64Array(stateLength);
  const beta = referenceBeta(block.schedule);
  const gains = spinGains.get(index);
  for (const { bank, offset, spinCount } of layout) {
    for (const bias of block.biases) {
      if (bias.bank === bank.id) biases.set(biasValues(bias, bank, program.tensors), offset);
    }
    for (let spin = 0; spin < spinCount; spin++) betas[offset + spin] = beta * (gains?.get(bank.id)?.[spin] ?? 1);
  }
  const rows = yield* partnerRows(program, block, { layout, stateLength });
  return { index, layout, stateLength, colors: colorsOf(program, block, layout), biases, betas, ...rows };
}

function* partnerRows(
  program: Program,
  block: Block,
  { layout, stateLength }: { readonly layout: readonly BankLayout[]; readonly stateLength: number },
): Generator<void, Pick<HeldBlock, 'rowStart' | 'partners' | 'couplings'>, void> {
  const views = block.couplings.map((coupling) => couplingView(coupling, block, program.tensors));
  const offsetOf = new Map(layout.map(({ bank, offset }) => [bank.id, offset]));
  const endsOf = (bank: string) =>
    views.flatMap((view) => {
      const { from, to } = view.coupling;
      // From = to: one side already has the partners of rows and columns.
      const sides: readonly Side[] = from === to ? ['to'] : ['to', 'from'];
      return sides
        .filter((side) => view.coupling[side] === bank)
        .map((side) => ({ view, side, otherOffset: offsetOf.get(side === 'to' ? from : to) ?? 0 }));
    });
  const rowStart = new Uint32Array(stateLength + 1);
  const partners: number[] = [];
  const couplings: number[] = [];
  let next = 0;
  for (const { bank, offset, spinCount } of layout) {
    rowStart.fill(partners.length, next, offset);
    const ends = bank.role === 'free' ? endsOf(bank.id) : [];
    for (let spin = 0; spin < spinCount; spin++) {
      rowStart[offset + spin] = partners.length;
      for (const { view, side, otherOffset } of ends) {
        for (const [other, coupling] of view.neighbours(side, spin)) {
          if (coupling === 0) continue;
          partners.push(otherOffset + other);
          couplings.push(coupling);
        }
      }
      if (spin % spinsPerSlice === 0) yield;
    }
    next = offset + spinCount;
  }
  rowStart.fill(partners.length, next);
  return { rowStart, partners: Uint32Array.from(partners), couplings: Float32Array.from(couplings) };
}

function colorsOf(program: Program, block: Block, layout: readonly BankLayout[]): readonly Uint32Array[] {
  const spins = new Map(block.schedule.colors.map((color): [number, number[]] => [color, []]));
  for (const { bank, offset, spinCount } of layout) {
    if (bank.role === 'pinned') continue;
    const map = bank.colorMap === undefined ? undefined : program.tensors.get(bank.colorMap.tensor)?.data;
    for (let spin = 0; spin < spinCount; spin++) {
      const color = bank.colorMap === undefined ? bank.color : Number(map?.[spin]);
      spins.get(color)?.push(offset + spin);
    }
  }
  return [...spins.values()].map((each) => Uint32Array.from(each));
}

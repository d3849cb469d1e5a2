/** Runs of programs that are no probes: everything explicit, results by bank. */
import {
  type Block,
  type DriverResult,
  type DriverRun,
  type LoadedProgram,
  type Program,
  packSpins,
  unpackSpins,
} from '@isinglass/sdk';
import { TooFewSamples } from '../checks/check.ts';
import type { Lab } from './lab.ts';

/** A program on the device. */
export interface OnDevice {
  readonly lab: Lab;
  readonly program: Program;
  readonly loaded: LoadedProgram;
}

export interface BlockRun extends Partial<Omit<DriverRun, 'inputs' | 'readouts' | 'images'>> {
  readonly images?: number;
  /** ±1 by pinned bank, images × spins. */
  readonly inputs?: Readonly<Record<string, Int8Array>>;
  readonly readouts?: DriverRun['readouts'];
  readonly seed: bigint;
}

export async function loadProgram(lab: Lab, program: Program): Promise<OnDevice> {
  return { lab, program, loaded: await lab.load(program) };
}

export function blockOf({ json }: Program, index: number): Block {
  const block = json.stages.find((stage): stage is Block => stage.kind === 'block' && stage.index === index);
  if (block === undefined) throw new RangeError(`no block ${index}`);
  return block;
}

export const spinCount = ({ shape }: { readonly shape: readonly number[] }): number => shape.reduce((a, b) => a * b, 1);

/** One call of the driver: one image, one chain, one sweep, the readouts of the program, unless said otherwise; `start` is any that the device has. */
export function runBlock({ lab, program, loaded }: OnDevice, o: BlockRun): Promise<DriverResult> {
  const block = blockOf(program, o.block ?? 0);
  const images = o.images ?? 1;
  const chains = o.chains ?? 1;
  const inputs = Object.entries(o.inputs ?? {}).map(
    ([id, values]) => [id, packSpins(values, images, values.length / images)] as const,
  );
  const run: DriverRun = {
    block: 0,
    gains: {},
    chains,
    chainOffset: 0,
    sweeps: 1,
    burnIn: 0,
    stride: lab.profile.readout.strideMin,
    sweepOffset: 0,
    temperatures: null,
    start: startOf(lab, block, images * chains),
    keep: 'nothing',
    readouts: block.readouts.map(({ bank, observable, tie }) => ({ bank, observable, as: 'sums', tie })),
    signal: new AbortController().signal,
    ...o,
    images: Uint32Array.from({ length: images }, (_, n) => n),
    inputs: Object.fromEntries(inputs),
  };
  return lab.within('run', loaded.run(run));
}

/** Signs of the sums of every free bank over `votes` retained sweeps, images × spins; 0 where a sum is 0. */
export async function readBanks(
  on: OnDevice,
  { votes, ...o }: Omit<BlockRun, 'readouts' | 'sweeps' | 'burnIn' | 'stride'> & { readonly votes: number },
): Promise<Readonly<Record<string, Int8Array>>> {
  const { readout } = on.lab.profile;
  const free = blockOf(on.program, o.block ?? 0).banks.filter(({ role }) => role === 'free');
  const [images, stride] = [o.images ?? 1, readout.strideMin];
  const totals = free.map((bank) => new Float64Array(images * spinCount(bank)));
  const add = (n: number, values: ArrayLike<number>): void => {
    const total = totals[n] as Float64Array;
    for (let k = 0; k < values.length; k++) {
      total[k % total.length] = (total[k % total.length] as number) + (values[k] as number);
    }
  };
  const run = { ...o, sweeps: votes * stride, stride };
  const observable = (['spin-sum', 'conditional-sum', 'state'] as const).find((each) =>
    readout.observables.includes(each),
  );
  if (observable !== undefined) {
    const readouts = free.map(({ id }) => ({ bank: id, observable, as: 'sums' as const, tie: 1 as const }));
    const result = await runBlock(on, { ...run, readouts });
    for (const [n, each] of result.readouts.entries()) {
      if (each.sums !== undefined) add(n, each.sums);
      else if (each.states !== undefined)
        add(n, byImage(unpackSpins(each.states), votes, free[n] as Block['banks'][0]));
    }
  } else if (readout.trace) {
    await runBlock(on, {
      ...run,
      trace: (sweep, banks) => {
        if (sweep === 0 || sweep % stride !== 0) return;
        for (const [n, { id }] of free.entries()) {
          const packed = banks[id];
          if (packed !== undefined) add(n, unpackSpins(packed));
        }
      },
    });
  } else throw new TooFewSamples('the device has neither an observable nor a trace');
  return Object.fromEntries(free.map(({ id }, n) => [id, Int8Array.from(totals[n] as Float64Array, Math.sign)]));
}

/** States [images][K][spins] as [K][images][spins]. */
function byImage(values: Int8Array, kept: number, bank: { readonly shape: readonly number[] }): Int8Array {
  const spins = spinCount(bank);
  const images = values.length / spins / kept;
  const out = new Int8Array(values.length);
  for (let row = 0; row < images * kept; row++) {
    const to = (row % kept) * images + Math.floor(row / kept);
    out.set(values.subarray(row * spins, (row + 1) * spins), to * spins);
  }
  return out;
}

function startOf({ profile: { init } }: Lab, block: Block, rows: number): DriverRun['start'] {
  if (init.includes('random')) return { kind: 'random' };
  if (init.includes('feed-forward')) return { kind: 'feed-forward' };
  const free = block.banks.filter(({ role }) => role === 'free');
  const up = (bank: Block['banks'][0]): Int8Array => new Int8Array(rows * spinCount(bank)).fill(1);
  return {
    kind: 'given',
    states: Object.fromEntries(free.map((bank) => [bank.id, packSpins(up(bank), rows, spinCount(bank))])),
  };
}

/** Sweeps of a small block, many in a dispatch. Static fields come from the field kernels. */
import { activationLimit, blockAndChain, emptySpins, type PackedSpins } from '@isinglass/sdk';
import type { GpuBank } from '../block/gpu-block.ts';
import { type Dispatch, type DispatchSpec, dispatchSpec } from '../gpu/dispatch.ts';
import { plainSweep } from '../gpu/run-host.ts';
import type { FieldBase } from '../machine/field-dispatches.ts';
import type { RowSums } from '../machine/read-sums.ts';
import { RetainedStates, type StateSource } from '../machine/retained-states.ts';
import type { RunContext, RunSweeps } from '../machine/run-sweeps.ts';
import type { LoadedSmall } from './loaded-small.ts';
import { smallBase } from './small-base.ts';
import { octetsStagedMax, type SmallBlock } from './small-block.ts';
import { type NumbersAt, smallNumbers } from './small-numbers.ts';
import { TemperatureRounds } from './temperature-rounds.ts';

/** Computes the static fields. */
export async function smallSweeps(context: RunContext, small: LoadedSmall): Promise<RunSweeps> {
  const { host, block, run, rows } = context;
  const { places } = small;
  const words = places / 32;
  const base = await smallBase(context, small);
  const rowWords = host.storage('states and flips', rows * (words + 2));
  const summed = run.readouts.some(({ observable }) => observable !== 'state');
  const sums = host.storage('sums', summed ? 2 * rows * places : 1);
  const free = block.banks.filter((bank) => bank.free);
  const banks = free.map((bank) => ({ bank, firstWord: firstWordOf(small, bank) }));
  const states = new RetainedStates(host, run, [{ label: 'row', rowWords: words, banks }]);
  const collected = states.buffers.get('row') ?? host.storage('no states', 1);
  const { numbers, at } = smallNumbers(context, small);
  const spec = sweepsDispatch(context, small, {
    base,
    at,
    slots: states.slots,
    buffers: [small.itemBuffer, small.listBuffer, base.buffer, numbers, rowWords, sums, collected],
  });
  const [sweeps] = await host.prepare([spec]);
  return new SmallSweeps(context, small, {
    states,
    banks,
    temperatures: new TemperatureRounds(host, run, { numbers, at }),
    spec,
    sweeps: sweeps as Dispatch,
    rowWords,
    sums,
  });
}

/** What `smallSweeps` makes. */
interface Prepared {
  readonly states: RetainedStates;
  /** Free ones, with the place of their words in a row. */
  readonly banks: StateSource['banks'];
  readonly temperatures: TemperatureRounds;
  readonly spec: DispatchSpec;
  readonly sweeps: Dispatch;
  /** [row]: the words of the block, then the two of its flips. */
  readonly rowWords: GPUBuffer;
  /** [row]: spin-sums by place, then conditional sums. */
  readonly sums: GPUBuffer;
}

class SmallSweeps implements RunSweeps {
  readonly states: RetainedStates;
  readonly #context: RunContext;
  readonly #small: SmallBlock;
  readonly #prepared: Prepared;
  readonly #words: number;

  constructor(context: RunContext, small: SmallBlock, prepared: Prepared) {
    this.states = prepared.states;
    this.#context = context;
    this.#small = small;
    this.#prepared = prepared;
    this.#words = small.places / 32;
  }

  tossCoins(): Promise<void> {
    const { host, rows } = this.#context;
    return host.compute([this.#prepared.spec], rows, { ...plainSweep, coins: 1, count: 1 });
  }

  async feedForward(): Promise<void> {
    throw new TypeError('the means of a feed-forward start go through the field kernels');
  }

  async place(start: Readonly<Record<string, PackedSpins>>): Promise<void> {
    const { host, rows } = this.#context;
    const words = new Uint32Array(rows * this.#rowStride);
    for (const { bank, firstWord } of this.#prepared.banks) {
      const packed = (start[bank.bank.id] as PackedSpins).words;
      for (let row = 0; row < rows; row++) {
        words.set(packed.subarray(row * bank.words, (row + 1) * bank.words), row * this.#rowStride + firstWord);
      }
    }
    host.gpu.device.queue.writeBuffer(this.#prepared.rowWords, 0, words);
  }

  /** As many as fit into a submit. */
  async add(first: number, last: number): Promise<number> {
    const { host, rows } = this.#context;
    const { sweeps, temperatures } = this.#prepared;
    const fitting = Math.floor(host.submitter.budget / Math.max(1, rows * sweeps.costPerRow));
    const most = Math.max(1, Math.min(host.gpu.pieces.dispatchSweepsMax, fitting));
    const end = Math.min(last, await temperatures.place(first), first + most - 1);
    const count = end - first + 1;
    const costPerRow = count * sweeps.costPerRow;
    await host.addRows([{ ...sweeps, costPerRow }], { ...plainSweep, first, count }, { rows, costPerRow });
    return end;
  }

  async pack(): Promise<Readonly<Record<string, PackedSpins>>> {
    const { rows } = this.#context;
    const words = await this.#readRows();
    const packed: Record<string, PackedSpins> = {};
    for (const { bank, firstWord } of this.#prepared.banks) {
      const own = emptySpins(rows, bank.spins);
      for (let row = 0; row < rows; row++) {
        const at = row * this.#rowStride + firstWord;
        own.words.set(words.subarray(at, at + bank.words), row * bank.words);
      }
      packed[bank.bank.id] = own;
    }
    return packed;
  }

  async flips(): Promise<number> {
    const words = await this.#readRows();
    let flips = 0;
    for (let row = 0; row < this.#context.rows; row++) {
      const at = row * this.#rowStride + this.#words;
      flips += (words[at + 1] as number) * 2 ** 32 + (words[at] as number);
    }
    return flips;
  }

  sumsOf(bank: GpuBank, observable: 'spin-sum' | 'conditional-sum'): RowSums {
    const { places } = this.#small;
    const first = 32 * firstWordOf(this.#small, bank) + (observable === 'spin-sum' ? 0 : places);
    return { bank, buffer: this.#prepared.sums, first, stride: 2 * places };
  }

  get #rowStride(): number {
    return this.#words + 2;
  }

  async #readRows(): Promise<Uint32Array<ArrayBuffer>> {
    const { host, rows } = this.#context;
    const words = new Uint32Array(rows * this.#rowStride);
    if (words.length > 0) await host.ring.read(this.#prepared.rowWords, words);
    return words;
  }
}

function firstWordOf({ firstPlace }: SmallBlock, { index }: GpuBank): number {
  return (firstPlace.get(index) as number) / 32;
}

function sweepsDispatch(
  { host, block, run, rows: all }: RunContext,
  { places, colorStarts, entries }: SmallBlock,
  o: {
    readonly base: FieldBase;
    readonly at: NumbersAt;
    readonly slots: number;
    readonly buffers: readonly GPUBuffer[];
  },
): DispatchSpec {
  const { workgroupSize } = host.gpu.pipelines;
  const octets = places / 8;
  const most = Math.min(all, Math.floor(workgroupSize / octets), Math.floor(octetsStagedMax / octets));
  const rows = Math.max(1, most);
  // No larger than the work of a color: an idle invocation waits at every barrier.
  const busy = rows * Math.max(1, ...colorStarts.slice(1).map((end, n) => end - (colorStarts[n] as number)));
  const invocations = Math.max(4, Math.min(workgroupSize, 2 ** Math.ceil(Math.log2(busy))));
  const asked = (observable: string): boolean => run.readouts.some((ask) => ask.observable === observable);
  return dispatchSpec({
    kernel: 'small-sweeps',
    // Powers of two: runs of other numbers of rows mostly have their kernel compiled already.
    constants: { octets_staged: 2 ** Math.ceil(Math.log2(rows * octets)), workgroup_size: invocations },
    params: {
      places,
      octets,
      words: places / 32,
      colors: colorStarts.length - 1,
      rows,
      chains: run.chains,
      block_chain: blockAndChain(run.block, run.chainOffset),
      limit: activationLimit(block.fractionBits),
      seed_low: Number(run.seed & 0xffff_ffffn),
      seed_high: Number(run.seed >> 32n),
      sums: (asked('spin-sum') ? 1 : 0) + (asked('conditional-sum') ? 2 : 0),
      base_rows: o.base.rows,
      base_stride: o.base.stride,
      burn_in: run.burnIn,
      stride: run.stride,
      sweep_offset: run.sweepOffset,
      slots: o.slots,
      ...o.at,
    },
    buffers: o.buffers,
    invocationsPerRow: workgroupSize / rows,
    costPerRow: 4 * entries + 64 * places,
  });
}

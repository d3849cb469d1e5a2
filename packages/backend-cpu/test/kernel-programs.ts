/**
 * Random programs of the sizes that kernels are made for: many channels, wide matrices, lattices, irregular graphs; the
 * random programs of the sdk are small. All of the fixed law, of one block with index 3, reproducible by seed.
 */
import {
  type Bank,
  type Block,
  type Coupling,
  type CouplingForm,
  createProgram,
  type Dtype,
  type Program,
  type ProgramJson,
  type ProgramTensor,
  programFeatures,
  spinCountOf,
  type TensorData,
  type ValueSpec,
} from '@isinglass/sdk';
import { Dice, randomProgram } from '@isinglass/sdk/testing';

type Shape = readonly number[];

/** 2^12·scale is a multiplier still, with any gain that a run may ask for. */
const scaleMax = 10;

/** A block while it grows. */
class Sketch {
  readonly dice: Dice;
  readonly tensors = new Map<string, ProgramTensor>();
  readonly banks: Bank[] = [];
  readonly couplings: Coupling[] = [];
  readonly inputs: ValueSpec[] = [];
  readonly biases: Block['biases'][number][] = [];
  /** Weights of this many bits, drawn the same way all over the program. */
  readonly #bits: number;
  readonly #weights: 'even' | 'bell' | 'extreme' | 'sparse';
  readonly #strength: number;

  constructor(seed: number) {
    this.dice = new Dice(seed, 77);
    this.#bits = this.dice.pick([2, 4, 5, 6, 7, 7, 8, 8]);
    this.#weights = this.dice.pick(['even', 'bell', 'bell', 'extreme', 'sparse']);
    // Mostly fields of the order of k_B·T; now and then nearly none, or saturated ones.
    this.#strength = this.dice.pick([0.7, 2, 2, 4, 4, 12, 0.01]);
  }

  add(name: string, dtype: Dtype, shape: Shape, data: TensorData): { readonly tensor: string } {
    this.tensors.set(name, { dtype, shape: [...shape], data });
    return { tensor: name };
  }

  free(id: string, shape: Shape, color: number): Bank {
    const bank: Bank = { id, role: 'free', shape: [...shape], color };
    this.banks.push(bank);
    if (this.dice.chance(0.7)) this.#bias(id, shape);
    return bank;
  }

  pinned(id: string, shape: Shape): Bank {
    this.inputs.push({ name: id, dtype: 'spin', shape: ['batch', ...shape] });
    const bank: Bank = { id, role: 'pinned', shape: [...shape], value: id };
    this.banks.push(bank);
    return bank;
  }

  /** A bank whose spins have colors of their own. */
  colored(id: string, shape: Shape, colors: Uint16Array<ArrayBuffer>): Bank {
    const colorMap = this.add(`${id}.color`, 'U16', shape, colors);
    const bank: Bank = { id, role: 'free', shape: [...shape], colorMap };
    this.banks.push(bank);
    if (this.dice.chance(0.5)) this.#bias(id, shape);
    return bank;
  }

  /** `degree` is the typical number of partners of a spin; it decides the scale. */
  couple(
    ends: { from: string; to: string; degree: number },
    shape: Shape,
    form: (weights: Weights) => CouplingForm,
  ): void {
    const { dice } = this;
    const id = `j${this.couplings.length}`;
    const count = shape.reduce((product, n) => product * n, 1);
    const values = Int8Array.from({ length: count }, () => this.#weight());
    const rms = Math.sqrt(values.reduce((sum, w) => sum + w * w, 1) / (count + 1));
    const scale = Math.min(scaleMax, this.#strength / (rms * Math.sqrt(Math.max(1, ends.degree))));
    const weights = { ref: () => this.add(`${id}.w`, 'I8', shape, values) };
    const gain = dice.chance(0.7) ? 'delta' : 'one';
    this.couplings.push({ id, from: ends.from, to: ends.to, gain, scale, form: form(weights) });
  }

  program(name: string): Program {
    const { dice } = this;
    const free = this.banks.filter((bank) => bank.role === 'free');
    const colors = new Set(
      free.flatMap((bank) => {
        const map = bank.colorMap === undefined ? undefined : this.tensors.get(bank.colorMap.tensor)?.data;
        return map === undefined ? [bank.color ?? 0] : [...(map as Uint16Array)];
      }),
    );
    const beta = dice.pick([1, 0.7]);
    const block: Block = {
      kind: 'block',
      id: 'block',
      index: 3,
      banks: this.banks,
      gains: [
        { id: 'one', value: 1, runtime: false },
        { id: 'delta', value: dice.pick([1, 0.25]), runtime: true },
      ],
      couplings: this.couplings,
      biases: this.biases,
      readouts: [{ id: 'y', bank: free[0]?.id ?? '', observable: 'spin-sum', tie: 1 }],
      schedule: {
        sweeps: 6,
        burnIn: 0,
        stride: 1,
        chains: 1,
        colors: dice.shuffled([...colors]),
        init: 'random',
        beta: dice.chance(0.3)
          ? [
              { sweep: 1, beta: beta / 2 },
              { sweep: 3, beta },
            ]
          : beta,
      },
      fixed: { fractionBits: dice.pick([9, 9, 9, 4, 7, 12]), beta },
    };
    const json: Omit<ProgramJson, 'features'> = {
      irVersion: '1.0',
      name,
      provenance: {},
      law: { kind: 'fixed' },
      inputs: this.inputs,
      outputs: [],
      stages: [block],
    };
    return createProgram({ ...json, features: programFeatures(json) }, this.tensors);
  }

  #bias(bank: string, shape: Shape): void {
    const values = Float32Array.from({ length: spinCountOf({ shape: [...shape] }) }, () => this.dice.normal() * 0.3);
    this.biases.push({ bank, gain: 'one', form: 'spin', values: this.add(`${bank}.bias`, 'F32', shape, values) });
  }

  #weight(): number {
    const largest = 2 ** (this.#bits - 1) - 1;
    switch (this.#weights) {
      case 'even':
        return this.dice.integer(-largest, largest);
      case 'bell':
        return Math.max(-largest, Math.min(largest, Math.round((this.dice.normal() * largest) / 3)));
      case 'extreme':
        return this.dice.pick([largest, largest, -largest]);
      case 'sparse':
        return this.dice.chance(0.8) ? 0 : this.dice.integer(-largest, largest);
      default:
        return this.#weights satisfies never;
    }
  }
}

interface Weights {
  readonly ref: () => { readonly tensor: string };
}

interface Axis {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly pads: readonly [number, number];
  readonly out: number;
}

function randomAxis(dice: Dice, sizeMax: number): Axis {
  for (;;) {
    const size = dice.integer(1, sizeMax);
    const kernel = dice.pick([1, 2, 3, 3, 3, 5]);
    const stride = dice.pick([1, 1, 1, 2, 3]);
    const dilation = dice.pick([1, 1, 1, 2]);
    const pads = dice.chance(0.6)
      ? ([kernel >> 1, kernel >> 1] as const)
      : ([dice.integer(0, 3), dice.integer(0, 3)] as const);
    const room = size + pads[0] + pads[1] - dilation * (kernel - 1) - 1;
    if (room >= 0) return { size, kernel, stride, dilation, pads, out: Math.floor(room / stride) + 1 };
  }
}

/** Two or three banks of maps in a chain, joined by convolutions of any geometry; the first may be pinned. */
export function convolutions(seed: number): Program {
  const sketch = new Sketch(seed);
  const { dice } = sketch;
  const rank = dice.pick([1, 2, 2, 2]);
  const axes = Array.from({ length: rank }, () => randomAxis(dice, rank === 1 ? 40 : 9));
  const groups = dice.pick([1, 1, 1, 2, 3]);
  const channels = (): number =>
    groups * dice.pick([1, 2, 4, dice.integer(1, 12), dice.integer(1, Math.ceil(36 / groups))]);
  const near = channels();
  const far = channels();
  const inputs = axes.map(({ size }) => size);
  const outputs = axes.map(({ out }) => out);
  const shapes = { a: [near, ...inputs], b: [far, ...outputs], c: [near, ...inputs] };
  const aIsPinned = dice.chance(0.4);
  if (aIsPinned) sketch.pinned('a', shapes.a);
  else sketch.free('a', shapes.a, 0);
  sketch.free('b', shapes.b, 1);
  const third = aIsPinned || dice.chance(0.4);
  if (third) sketch.free('c', shapes.c, dice.pick([0, 2]));
  const kernel = [far, near / groups, ...axes.map((axis) => axis.kernel)];
  const taps = axes.reduce((product, axis) => product * axis.kernel, 1);
  for (const from of third ? ['a', 'c'] : ['a']) {
    sketch.couple({ from, to: 'b', degree: (taps * near) / groups }, kernel, ({ ref }) => ({
      kind: 'conv',
      kernel: ref(),
      strides: axes.map((axis) => axis.stride),
      pads: [...axes.map(({ pads }) => pads[0]), ...axes.map(({ pads }) => pads[1])],
      dilations: axes.map((axis) => axis.dilation),
      groups,
    }));
  }
  if (aIsPinned && third && dice.chance(0.5)) {
    // An image that reaches its own kind spin by spin.
    const spins = spinCountOf({ shape: shapes.a });
    sketch.couple({ from: 'a', to: 'c', degree: 1 }, [spins], ({ ref }) => ({ kind: 'diagonal', value: ref() }));
  }
  return sketch.program(`convolutions ${seed}`);
}

/** A machine of two or three layers, each joined to the next by a matrix; the first may be pinned. */
export function layers(seed: number): Program {
  const sketch = new Sketch(seed);
  const { dice } = sketch;
  const sizes = Array.from({ length: dice.integer(2, 3) }, () =>
    dice.pick([dice.integer(1, 300), dice.integer(1, 40), 64]),
  );
  for (const [n, size] of sizes.entries()) {
    if (n === 0 && dice.chance(0.5)) sketch.pinned('l0', [size]);
    else sketch.free(`l${n}`, [size], n % 2);
  }
  for (let n = 1; n < sizes.length; n++) {
    const [from = 1, to = 1] = sizes.slice(n - 1, n + 1);
    sketch.couple({ from: `l${n - 1}`, to: `l${n}`, degree: from }, [to, from], ({ ref }) => ({
      kind: 'dense',
      matrix: ref(),
    }));
  }
  return sketch.program(`layers ${seed}`);
}

/** A periodic lattice of rank 2 or 3 with even sides in two colors: a spin glass. */
export function lattice(seed: number): Program {
  const sketch = new Sketch(seed);
  const { dice } = sketch;
  const shape = Array.from({ length: dice.pick([2, 3]) }, () => 2 * dice.integer(1, 4));
  const spins = spinCountOf({ shape });
  const place = (i: number): number[] => {
    const found: number[] = [];
    let rest = i;
    for (const side of shape.toReversed()) {
      found.unshift(rest % side);
      rest = Math.floor(rest / side);
    }
    return found;
  };
  const colors = Uint16Array.from({ length: spins }, (_, i) => place(i).reduce((sum, x) => sum + x, 0) & 1);
  sketch.colored('s', shape, colors);
  const pairs = Array.from({ length: spins }, (_, i) =>
    shape.map((side, axis) => {
      const next = place(i).map((x, n) => (n === axis ? (x + 1) % side : x));
      return [i, next.reduce((index, x, n) => index * (shape[n] ?? 1) + x, 0)] as const;
    }),
  ).flat();
  graphCoupling(sketch, { id: 's', spins, pairs, degree: 2 * shape.length });
  return sketch.program(`lattice ${seed}`);
}

/** Spins on an irregular graph, colored greedily; some of them look at pinned ones. */
export function irregularGraph(seed: number): Program {
  const sketch = new Sketch(seed);
  const { dice } = sketch;
  const spins = dice.integer(1, 300);
  const degree = dice.pick([1, 3, 14]);
  const pairs = Array.from({ length: Math.floor((spins * degree) / 2) }, () => {
    const hub = dice.chance(0.2) ? dice.integer(0, Math.min(3, spins - 1)) : dice.integer(0, spins - 1);
    return [hub, dice.integer(0, spins - 1)] as const;
  });
  addGraph(sketch, { spins, pairs, degree });
  if (dice.chance(0.4)) {
    const pinned = dice.integer(1, 50);
    sketch.pinned('x', [pinned]);
    sketch.couple({ from: 'x', to: 's', degree: pinned }, [spins, pinned], ({ ref }) => ({
      kind: 'dense',
      matrix: ref(),
    }));
  }
  return sketch.program(`irregular graph ${seed}`);
}

/** Pairs drawn alike: numbers of neighbours are Poisson distributed about `degree`. */
export function randomGraph(seed: number, { spins, degree }: { spins: number; degree: number }): Program {
  const sketch = new Sketch(seed);
  const { dice } = sketch;
  const anySpin = (): number => dice.integer(0, spins - 1);
  const pairs = Array.from({ length: Math.floor((spins * degree) / 2) }, () => [anySpin(), anySpin()] as const);
  addGraph(sketch, { spins, pairs, degree });
  return sketch.program(`random graph ${seed}`);
}

/** Everything at once, as the sdk draws it, but larger. */
export function mixed(seed: number): Program {
  return randomProgram({ seed, freeSpinsMax: 700, pinnedSpinsMax: 300, strength: seed % 4 === 0 ? 4 : 0.7 });
}

/** By name, for tests that go through all of them. */
export const families = { convolutions, layers, lattice, irregularGraph, mixed } as const;

type Pair = readonly [number, number];

interface Graph {
  readonly spins: number;
  readonly pairs: readonly Pair[];
  readonly degree: number;
}

/** A colored bank `s` joined to itself. */
function addGraph(sketch: Sketch, graph: Graph): void {
  sketch.colored('s', [graph.spins], greedyColors(graph.spins, graph.pairs));
  graphCoupling(sketch, { id: 's', ...graph });
}

/** One coupling within a bank: each pair once, in the row of the smaller spin. */
function graphCoupling(sketch: Sketch, o: Graph & { readonly id: string }): void {
  const rows = Array.from({ length: o.spins }, () => new Set<number>());
  for (const [a, b] of o.pairs) if (a !== b) rows[Math.min(a, b)]?.add(Math.max(a, b));
  const columns = rows.map((row) => [...row].sort((a, b) => a - b));
  const starts = [0];
  for (const row of columns) starts.push((starts.at(-1) ?? 0) + row.length);
  const column = Uint32Array.from(columns.flat());
  sketch.couple({ from: o.id, to: o.id, degree: o.degree }, [column.length], ({ ref }) => ({
    kind: 'sparse',
    rowStart: sketch.add('rowStart', 'U32', [starts.length], Uint32Array.from(starts)),
    column: sketch.add('column', 'U32', [column.length], column),
    value: ref(),
  }));
}

function greedyColors(spins: number, pairs: readonly Pair[]): Uint16Array<ArrayBuffer> {
  const partners = Array.from({ length: spins }, () => new Set<number>());
  for (const [a, b] of pairs) {
    if (a === b) continue;
    partners[a]?.add(b);
    partners[b]?.add(a);
  }
  const colors = new Uint16Array(spins);
  for (let i = 0; i < spins; i++) {
    const taken = new Set([...(partners[i] ?? [])].filter((j) => j < i).map((j) => colors[j]));
    let color = 0;
    while (taken.has(color)) color++;
    colors[i] = color;
  }
  return colors;
}

/** What a run of a reference machine promises (semantics 1.6, 1.7, 2, 5), on random programs of both laws. */
import { describe, expect, test } from 'vitest';
import { isIsinglassError } from '../src/errors/isinglass-error.ts';
import { type ReferenceResult, type ReferenceRun, runFixedLaw, runRealLaw } from '../src/reference/index.ts';
import { emptySpins, type PackedSpins, unpackSpins, wordsPerRow } from '../src/spins/packed-spins.ts';
import { randomProgram } from '../src/testing/random-program.ts';
import { randomRun } from '../src/testing/random-run.ts';
import { glass } from './small-programs.ts';

const laws = [
  { law: 'fixed', machine: runFixedLaw },
  { law: 'real', machine: runRealLaw },
] as const;
const seeds = Array.from({ length: 25 }, (_, n) => n);

/** Rows of packed spins, by number. */
function rowsOf(spins: PackedSpins, rows: readonly number[]): PackedSpins {
  const stride = wordsPerRow(spins.spinCount);
  const words = new Uint32Array(rows.length * stride);
  rows.forEach((row, n) => {
    words.set(spins.words.subarray(row * stride, (row + 1) * stride), n * stride);
  });
  return { words, rows: rows.length, spinCount: spins.spinCount };
}

function eachBank(
  banks: Readonly<Record<string, PackedSpins>>,
  change: (spins: PackedSpins) => PackedSpins,
): Record<string, PackedSpins> {
  return Object.fromEntries(Object.entries(banks).map(([id, spins]) => [id, change(spins)]));
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}

/** A readout's sums, or those of the states, as plain numbers `[images][spins]`. */
function sumsOf(result: ReferenceResult): (number[] | undefined)[] {
  return result.readouts.map(({ sums }) => sums && [...sums]);
}

function added(a: (number[] | undefined)[], b: (number[] | undefined)[]): (number[] | undefined)[] {
  return a.map((sums, n) => sums?.map((sum, i) => sum + (b[n]?.[i] as number)));
}

/** Every sum is asked for, so that parts can be added. */
function withSums(run: ReferenceRun): ReferenceRun {
  return { ...run, readouts: run.readouts.map((readout) => ({ ...readout, as: 'both' })) };
}

describe.each(laws)('the $law law', ({ law, machine }) => {
  const cases = seeds.map((seed) => {
    const program = randomProgram({ seed, law, freeSpinsMax: 40, pinnedSpinsMax: 20 });
    return { program, run: withSums(randomRun(program, seed)) };
  });

  test('each image is independent of the others in the batch, wherever its number lies', () => {
    for (const { program, run } of cases) {
      const whole = machine(program, run);
      range(run.images.length).forEach((image) => {
        const chainRows = range(run.chains).map((chain) => image * run.chains + chain);
        const { start } = run;
        const alone = machine(program, {
          ...run,
          images: run.images.slice(image, image + 1),
          inputs: eachBank(run.inputs, (spins) => rowsOf(spins, [image])),
          start:
            start.kind === 'given'
              ? { kind: 'given', states: eachBank(start.states, (spins) => rowsOf(spins, chainRows)) }
              : start,
        });
        expect(alone.last).toEqual(eachBank(whole.last ?? {}, (spins) => rowsOf(spins, chainRows)));
        alone.readouts.forEach(({ sums }, n) => {
          if (sums === undefined) return;
          expect(sums).toEqual(whole.readouts[n]?.sums?.slice(image * sums.length, (image + 1) * sums.length));
        });
      });
    }
  });

  test('sums of chains add up, whatever the split', () => {
    for (const { program, run } of cases.filter((c) => c.run.start.kind !== 'given')) {
      const whole = machine(program, { ...run, chains: 3, chainOffset: 10 });
      const parts = [
        machine(program, { ...run, chains: 1, chainOffset: 10 }),
        machine(program, { ...run, chains: 2, chainOffset: 11 }),
      ] as const;
      expect(added(sumsOf(parts[0]), sumsOf(parts[1]))).toEqual(sumsOf(whole));
    }
  });

  test('a sweeps continued by b sweeps are a + b sweeps, by given states or a handle', () => {
    for (const { program, run } of cases) {
      const sweeps = 7;
      const base = { ...run, sweepOffset: 5, stride: 1, temperatures: null };
      const whole = machine(program, { ...base, sweeps, burnIn: 0 });
      const head = machine(program, { ...base, sweeps: 3, burnIn: 0 });
      const rest = { ...base, sweeps: 4, burnIn: 0, sweepOffset: 8 };
      const given = machine(program, { ...rest, start: { kind: 'given', states: head.last ?? {} } });
      expect(added(sumsOf(head), sumsOf(given))).toEqual(sumsOf(whole));
      expect(given.last).toEqual(whole.last);
      const { handle } = machine(program, { ...base, sweeps: 3, burnIn: 0, keep: 'device' });
      if (handle === undefined) throw new Error('no handle');
      const rows = Uint32Array.from(range(run.images.length * run.chains));
      const resumed = machine(program, { ...rest, start: { kind: 'resume', handle, rows } });
      expect(resumed).toEqual(given);
      expect(machine(program, { ...rest, inputs: {}, start: { kind: 'resume', handle, rows } })).toEqual(given);
      handle.release();
      expect(() => machine(program, { ...rest, start: { kind: 'resume', handle, rows } })).toThrow(/released/);
    }
  });

  test('the trace shows every sweep, pinned spins never change, and it changes nothing', () => {
    for (const { program, run } of cases) {
      const sums: Record<string, number[]> = {};
      let sweeps = 0;
      const traced = machine(program, {
        ...run,
        trace(sweep, banks) {
          expect(sweep).toBe(sweeps++);
          for (const [id, input] of Object.entries(run.inputs)) {
            const rows = range(run.images.length * run.chains).map((row) => Math.floor(row / run.chains));
            expect(banks[id]).toEqual(rowsOf(input, rows));
          }
          if (sweep <= run.burnIn || (sweep - run.burnIn) % run.stride !== 0) return;
          for (const [id, packed] of Object.entries(banks)) {
            const spins = unpackSpins(packed);
            sums[id] ??= new Array<number>(run.images.length * packed.spinCount).fill(0);
            const total = sums[id];
            spins.forEach((spin, n) => {
              const row = Math.floor(n / packed.spinCount);
              const at = Math.floor(row / run.chains) * packed.spinCount + (n % packed.spinCount);
              total[at] = (total[at] as number) + spin;
            });
          }
        },
      });
      expect(sweeps).toBe(run.sweeps + 1);
      expect(traced).toEqual(machine(program, run));
      run.readouts.forEach(({ bank, observable }, n) => {
        if (observable === 'spin-sum') expect([...(traced.readouts[n]?.sums ?? [])]).toEqual(sums[bank]);
      });
    }
  });

  test('a state readout has the samples whose sum is the spin-sum', () => {
    for (const { program, run } of cases) {
      const { readouts } = machine(program, run);
      const K = Math.floor((run.sweeps - run.burnIn) / run.stride);
      run.readouts.forEach(({ bank, observable }, n) => {
        if (observable !== 'state') return;
        const { states } = readouts[n] as { states: PackedSpins };
        expect(states.rows).toBe(run.images.length * run.chains * K);
        const spins = unpackSpins(states);
        const at = run.readouts.findIndex((other) => other.bank === bank && other.observable === 'spin-sum');
        const { spinCount } = states;
        const total = new Int32Array(run.images.length * spinCount);
        spins.forEach((spin, i) => {
          const image = Math.floor(i / spinCount / K / run.chains);
          total[image * spinCount + (i % spinCount)] = (total[image * spinCount + (i % spinCount)] as number) + spin;
        });
        expect(readouts[at]?.sums).toEqual(total);
      });
    }
  });
});

test('a zero sum takes the tie of its readout, and another sum does not', () => {
  // Spin 0 is deterministic (|field| beyond the table), spin 1 alternates fairly: with many sweeps some image has a
  // zero sum.
  const program = glass({ h: [20, 0], fixed: { fractionBits: 9, beta: 1, scale: 1 } });
  const images = Uint32Array.from(range(64));
  const run = (tie: 1 | -1) =>
    runFixedLaw(program, {
      ...requestOf(),
      images,
      sweeps: 4,
      readouts: [{ bank: 's', observable: 'spin-sum', as: 'both', tie }],
    });
  const up = run(1).readouts[0];
  const down = run(-1).readouts[0];
  const sums = up?.sums ?? [];
  const ups = unpackSpins(up?.signs ?? emptySpins(0, 0));
  const downs = unpackSpins(down?.signs ?? emptySpins(0, 0));
  expect(sums).toEqual(down?.sums);
  expect([...sums]).toContain(0);
  sums.forEach((sum, n) => {
    expect([ups[n], downs[n]]).toEqual(sum === 0 ? [1, -1] : [Math.sign(sum), Math.sign(sum)]);
  });
});

function requestOf(): ReferenceRun {
  return {
    block: 7,
    gains: {},
    images: Uint32Array.of(0),
    inputs: {},
    chains: 1,
    chainOffset: 0,
    sweeps: 4,
    burnIn: 0,
    stride: 1,
    sweepOffset: 0,
    temperatures: null,
    seed: 1n,
    start: { kind: 'random' },
    keep: 'nothing',
    readouts: [{ bank: 's', observable: 'spin-sum', as: 'sums', tie: 1 }],
  };
}

/** 'accepted', or the code and place of the error. */
function outcome(change: Partial<ReferenceRun>): string {
  const program = glass({ h: [0.5, 0], pairs: [[0, 1, 100]], fixed: { fractionBits: 9, beta: 1, scale: 2 ** -9 } });
  try {
    runFixedLaw(program, { ...requestOf(), ...change });
    return 'accepted';
  } catch (e) {
    if (isIsinglassError(e)) return `${e.code} ${e.where}`;
    throw e;
  }
}

test('a run at each limit is accepted and one past it refused, by the name of the argument', () => {
  const states = (count: number, rows: number, words: number[]) => ({
    kind: 'given' as const,
    states: { s: { words: Uint32Array.from(words), rows, spinCount: count } },
  });
  const conditional = [{ bank: 's', observable: 'conditional-sum', as: 'sums', tie: 1 }] as const;
  const pairs: [accepted: Partial<ReferenceRun>, refused: Partial<ReferenceRun>, where: string][] = [
    [{ sweeps: 1 }, { sweeps: 0 }, 'sweeps'],
    [{ burnIn: 3 }, { burnIn: 4 }, 'burnIn'],
    [{ burnIn: 1, stride: 3 }, { burnIn: 1, stride: 4 }, 'stride'],
    [{ chains: 1 }, { chains: 0 }, 'chains'],
    [{ chainOffset: 2 ** 24 - 1 }, { chainOffset: 2 ** 24 }, 'chainOffset'],
    [{ sweepOffset: 2 ** 32 - 5 }, { sweepOffset: 2 ** 32 - 4 }, 'sweepOffset'],
    [{ seed: 2n ** 64n - 1n }, { seed: 2n ** 64n }, 'seed'],
    [{ seed: 0n }, { seed: -1n }, 'seed'],
    [{ images: Uint32Array.of(7) }, { images: new Uint32Array(0) }, 'images.length'],
    [{ temperatures: Uint32Array.of(0, 1, 2, 65536) }, { temperatures: Uint32Array.of(0, 1, 2) }, 'temperatures'],
    [
      { temperatures: Uint32Array.of(0, 1, 2, 65536) },
      { temperatures: Uint32Array.of(0, 1, 2, 65537) },
      'temperatures[3]',
    ],
    [{ start: states(2, 1, [3]) }, { start: states(2, 1, [4]) }, 'start.states.s'],
    [{ start: states(2, 1, [3]) }, { start: states(3, 1, [3]) }, 'start.states.s'],
    [{ start: states(2, 1, [3]) }, { start: states(2, 2, [3, 3]) }, 'start.states.s'],
    [{ start: states(2, 1, [3]) }, { start: { kind: 'given', states: {} } }, 'start.states'],
    [{ inputs: {} }, { inputs: { s: emptySpins(1, 2) } }, 'inputs'],
    [{ sweeps: 32767, readouts: conditional }, { sweeps: 32768, readouts: conditional }, 'readouts[0]'],
    [{ block: 7 }, { block: 8 }, 'block'],
    [{ gains: { g: 2 } }, { gains: { g: 2 ** 40 } }, 'glass.couplings[0].scale'],
    [{ gains: { g: 2 } }, { gains: { one: 2 } }, 'gains.one'],
    [{ gains: { g: 2 } }, { gains: { delta: 2 } }, 'gains.delta'],
    [{ gains: { g: 1e-3 } }, { gains: { g: 0 } }, 'gains.g'],
    [{ gains: { g: 1e-3 } }, { gains: { g: Number.NaN } }, 'gains.g'],
  ];
  for (const [accepted, refused, where] of pairs) {
    expect(outcome(accepted), where).toBe('accepted');
    expect(outcome(refused), where).toBe(`invalid-request ${where}`);
  }
  expect(outcome({ readouts: [{ bank: 'q', observable: 'state', as: 'sums', tie: 1 }] })).toBe(
    'invalid-request readouts[0].bank',
  );
});

/** What a convolution engine answers to programs that it cannot hold, and to a host that misuses its bus. */
import type { Block, Program } from '@isinglass/sdk';
import { programFamilies, randomProgram } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import { ConvMachine } from '../../src/conv/conv-machine.ts';
import { phaseParts, termWord, tileWord } from '../../src/conv/conv-memory-map.ts';
import { convMisfits } from '../../src/conv/conv-misfits.ts';
import { BusFault } from '../../src/host/bus-fault.ts';
import { addressOf, type Window } from '../../src/host/hardware.ts';
import { commands, registerAt } from '../../src/host/register-map.ts';
import type { GivenValues } from '../../src/parameters/resolve-parameters.ts';
import { placed, writeImages } from './conv-bus.ts';
import { convParameters, fits, onlyBlock } from './conv-cases.ts';

/** The first program of a family that fits the roomy machine and satisfies a condition. */
function someProgram(
  make: (seed: number) => Program,
  wanted: (block: Block) => boolean,
  given: GivenValues = {},
): Program {
  for (let seed = 1; seed < 500; seed++) {
    const program = make(seed);
    if (wanted(onlyBlock(program)) && fits(convParameters(given), program)) return program;
  }
  throw new RangeError('no such program');
}

const limitsOf = (given: GivenValues, program: Program): Record<string, { needed: number; available: number | null }> =>
  Object.fromEntries(
    convMisfits(convParameters(given), program, onlyBlock(program)).map(({ limit, needed, available }) => [
      limit,
      { needed, available },
    ]),
  );

const twoLayers = someProgram(
  programFamilies.layers,
  ({ banks }) => banks.every(({ shape }) => (shape[0] ?? 0) > 40) && banks.length === 2,
);
const weightsOf = (program: Program): Int8Array =>
  [...program.tensors.values()].find(({ dtype }) => dtype === 'I8')?.data as Int8Array;

test('a program that fits has no misfit, and one past each limit says what is needed', () => {
  const spins = onlyBlock(twoLayers).banks.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
  expect(limitsOf({ spins }, twoLayers)).toEqual({});
  expect(limitsOf({ spins: spins - 1 }, twoLayers)).toEqual({ 'spins.max': { needed: spins, available: spins - 1 } });

  const { fractionBits } = onlyBlock(twoLayers).fixed ?? { fractionBits: 0 };
  expect(limitsOf({ format: { integerBits: 5, fractionBits } }, twoLayers)).toEqual({});
  if (fractionBits > 4) {
    expect(limitsOf({ format: { integerBits: 5, fractionBits: fractionBits - 1 } }, twoLayers)).toEqual({
      'field.fractionBits.max': { needed: fractionBits, available: fractionBits - 1 },
    });
  }

  expect(
    Object.keys(
      limitsOf(
        { colors: 1 },
        someProgram(programFamilies.layers, ({ schedule }) => schedule.colors.length === 2),
      ),
    ),
  ).toEqual(['dynamics.colorsMax']);
});

test('sums that may leave the accumulator are refused, unless they saturate', () => {
  const largest = weightsOf(twoLayers).reduce((most, w) => Math.max(most, Math.abs(w)), 0);
  expect(largest).toBeGreaterThan(1);
  expect(limitsOf({ accumulatorBits: 22 }, twoLayers)).toEqual({});
  expect(Object.keys(limitsOf({ accumulatorBits: 8 }, twoLayers))).toEqual(['field.accumulatorBits']);
  expect(limitsOf({ accumulatorBits: 8, overflow: 'saturate' }, twoLayers)).toEqual({});
});

test('weights have to fit their bits, and the memory unless there is one outside', () => {
  const bits = 1 + Math.ceil(Math.log2(weightsOf(twoLayers).reduce((most, w) => Math.max(most, Math.abs(w)), 0) + 1));
  expect(limitsOf({ weightBits: bits }, twoLayers)).toEqual({});
  expect(limitsOf({ weightBits: bits - 1 }, twoLayers)).toHaveProperty(
    bits === 2 ? 'weights\\.levels' : ['weights.bits'],
  );

  const big = someProgram(
    programFamilies.layers,
    ({ banks }) => banks.reduce((n, { shape }) => n * (shape[0] ?? 1), 1) > 2 ** 15,
  );
  const weights = weightsOf(big).length;
  const refused = limitsOf({ weightMemoryKiB: 1 }, big);
  expect(refused['conv.weightMemoryBits']).toEqual({ needed: expect.any(Number), available: 8192 });
  expect(refused['conv.weightMemoryBits']?.needed).toBeGreaterThanOrEqual(8 * weights);
  // Two tiles of weights have to be on chip all the same.
  expect(limitsOf({ weightMemoryKiB: 4, weightMBps: 1000 }, big)).toEqual({});
  expect(limitsOf({ weightMemoryKiB: 1, weightMBps: 1000, channels: 16, taps: 16 }, big)).toHaveProperty([
    'conv.bufferedSteps',
  ]);
});

test('forms, color maps and degrees that the engine has not are misfits with their place', () => {
  const misfits = (make: (seed: number) => Program): readonly string[] =>
    Array.from({ length: 60 }, (_, seed) => make(seed + 1)).flatMap((program) =>
      convMisfits(convParameters(), program, onlyBlock(program)).map(
        ({ limit, where }) => `${limit} ${where.replace(/\d+/g, 'n')}`,
      ),
    );
  const all = new Set(misfits((seed) => randomProgram({ seed })));
  expect(all).toContain('couplings.forms stages[n].couplings[n]');
  expect(all).toContain('features.color-map stages[n].banks[n]');
  expect(new Set(misfits((seed) => randomProgram({ seed, forms: ['conv', 'dense'], freeSpinsMax: 300 })))).toContain(
    'conv.views stages[n].banks[n]',
  );
  const degree = Math.max(...onlyBlock(twoLayers).banks.map(({ shape }) => shape[0] ?? 0));
  expect(limitsOf({ degree: 2 ** 20 }, twoLayers)).toEqual({});
  expect(limitsOf({ degree: 1 }, twoLayers)).toHaveProperty(['couplings.degreeMax']);
  expect(degree).toBeGreaterThan(1);
});

test('a program of the real law is told so', () => {
  const program = randomProgram({ seed: 3, law: 'real' });
  expect(limitsOf({}, program)).toEqual({ 'features.real': { needed: 1, available: 0 } });
});

/** A machine with images in it. */
async function loaded(given: GivenValues = {}): Promise<ConvMachine> {
  const p = convParameters(given);
  const machine = new ConvMachine(p);
  await writeImages(machine, placed(p, twoLayers), twoLayers);
  return machine;
}

const put = (machine: ConvMachine, window: Window, offset: number, ...words: number[]): void =>
  machine.write(addressOf(window, offset), Uint32Array.from(words));
const command = (machine: ConvMachine, value: number): void => put(machine, 'registers', registerAt('COMMAND'), value);

function faultOf(run: () => unknown): { address: number } | 'accepted' {
  try {
    run();
    return 'accepted';
  } catch (e) {
    if (e instanceof BusFault) return { address: e.address };
    throw e;
  }
}

test('accesses outside of a memory, or to a register in the wrong direction, name the address', async () => {
  const machine = await loaded();
  const last = 8192 + 512 - 1;
  expect(faultOf(() => machine.read(addressOf('fields', last), 1))).toBe('accepted');
  const cases: [() => unknown, number][] = [
    [() => machine.read(addressOf('fields'), 2 ** 20), addressOf('fields', 16384)],
    [() => machine.write(0xff00_0000, Uint32Array.of(1)), 0xff00_0000],
    [() => machine.read(addressOf('spinIndices'), 1), addressOf('spinIndices')],
    [() => put(machine, 'registers', registerAt('ID'), 1), registerAt('ID')],
    [() => machine.read(registerAt('COMMAND'), 1), registerAt('COMMAND')],
    [() => machine.read(40, 1), 40],
    [() => command(machine, 9), registerAt('COMMAND')],
    [() => put(machine, 'generators', 0, 1), addressOf('generators')],
  ];
  for (const [run, address] of cases) expect(faultOf(run)).toEqual({ address });
});

test('a machine at work keeps its memories to itself, and stops after a sweep when it is told to', async () => {
  const machine = await loaded();
  put(machine, 'registers', registerAt('SWEEPS'), 100);
  command(machine, commands.start);
  expect(machine.run(1)).toBe(false);
  expect(machine.read(registerAt('SWEEPS_DONE'), 1)).toEqual(Uint32Array.of(1));
  expect(faultOf(() => machine.read(addressOf('spins'), 1))).toEqual({ address: addressOf('spins') });
  expect(faultOf(() => put(machine, 'weights', 0, 1))).toEqual({ address: addressOf('weights') });
  expect(faultOf(() => command(machine, commands.start))).toEqual({ address: registerAt('COMMAND') });
  command(machine, commands.stop);
  expect(machine.run(1)).toBe(true);
  expect(machine.read(registerAt('SWEEPS_DONE'), 1)).toEqual(Uint32Array.of(1));
  expect(faultOf(() => machine.read(addressOf('spins'), 1))).toBe('accepted');
});

test('registers and descriptors that make no run are refused when a command is given', async () => {
  const cases: [(machine: ConvMachine) => void, number][] = [
    [(m) => put(m, 'registers', registerAt('STRIDE'), 0), registerAt('STRIDE')],
    [(m) => put(m, 'registers', registerAt('START'), 2), registerAt('START')],
    [
      (m) => put(m, 'phases', phaseParts.tiles + tileWord.channels, 5),
      addressOf('phases', phaseParts.tiles + tileWord.channels),
    ],
    [
      (m) => put(m, 'phases', phaseParts.tiles + tileWord.site, 2 ** 20),
      addressOf('phases', phaseParts.tiles + tileWord.site),
    ],
    [
      (m) => put(m, 'phases', phaseParts.terms + termWord.steps, 3),
      addressOf('phases', phaseParts.terms + termWord.steps),
    ],
    [
      (m) => put(m, 'phases', phaseParts.terms + termWord.weight, 2 ** 30),
      addressOf('phases', phaseParts.terms + termWord.weight),
    ],
    [(m) => put(m, 'sources', 0, 1000), addressOf('sources', 0)],
  ];
  for (const [spoil, address] of cases) {
    const machine = await loaded();
    put(machine, 'registers', registerAt('SWEEPS'), 1);
    spoil(machine);
    expect(faultOf(() => command(machine, commands.start))).toEqual({ address });
  }
  const machine = await loaded();
  put(machine, 'registers', registerAt('SWEEPS'), 1);
  expect(faultOf(() => command(machine, commands.start))).toBe('accepted');
});

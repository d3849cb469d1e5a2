import { isIsinglassError } from '@isinglass/sdk';
import { describe, expect, test } from 'vitest';
import { isMachineUri, machineUri, parseMachineUri } from './machine-uri.ts';
import { setNames } from './named-sets.ts';

function refusal(uri: string): string {
  try {
    parseMachineUri(uri);
  } catch (e) {
    if (isIsinglassError(e)) return `${e.code}: ${e.message}`;
    throw e;
  }
  return 'accepted';
}

test.each(setNames)('the set %s is a machine without further words, frozen', (set) => {
  const { parameters } = parseMachineUri(machineUri(set));
  expect(parameters.set).toBe(set);
  expect([parameters, parameters.format, parameters.energy, parameters.link].every(Object.isFrozen)).toBe(true);
});

test('the sets have the sizes of devices.md section 7', () => {
  const adders = (['conv-s', 'conv-m', 'conv-l', 'asic28'] as const).map((set) => {
    const { parameters: p } = parseMachineUri(machineUri(set));
    return p.engine === 'conv' ? [p.channels * p.taps * p.pixels, p.clockHz] : null;
  });
  expect(adders).toEqual([
    [1024, 200e6],
    [8192, 250e6],
    [32_768, 250e6],
    [8192, 140e6],
  ]);
  expect(parseMachineUri('fpga-sim:toy').parameters).toMatchObject({
    engine: 'lane',
    lanes: 8,
    couplingsPerLane: 1,
    spins: 4096,
    degree: 16,
    activation: { kind: 'table', entries: 512 },
    format: { integerBits: 4, fractionBits: 5 },
    generator: 'xoshiro128pp',
    clockHz: 100e6,
  });
});

test('every parameter can be given, in the unit of its name', () => {
  const { parameters, sources } = parseMachineUri(
    'fpga-sim:conv-m?clockMHz=187.5&rng=philox&format=s6.9&activation=exact&pJPerSynapticOperation=0.5&staticWatts=12&link=dma&linkLatencyUs=5&linkMBps=2000&weightMBps=77000&fillCycles=0&thresholdBits=16',
  );
  expect(parameters).toMatchObject({
    clockHz: 187.5e6,
    generator: 'philox',
    format: { integerBits: 6, fractionBits: 9 },
    activation: { kind: 'exact' },
    energy: { joulesPerSynapticOperation: 0.5e-12, staticWatts: 12 },
    link: { kind: 'dma', latencyNs: 5000, bytesPerSecond: 2e9 },
    weightBytesPerSecond: 77e9,
    fillCycles: 0,
  });
  expect(sources.clockMHz).toEqual({ source: 'given in the device URI', grade: 'unconfirmed' });
});

test('an energy can be taken back', () => {
  expect(parseMachineUri('fpga-sim:asic28').parameters.energy.joulesPerUpdate).toBe(1.2e-12);
  expect(parseMachineUri('fpga-sim:asic28?pJPerUpdate=unstated').parameters.energy.joulesPerUpdate).toBeNull();
});

test('a set that is none is refused with those that there are', () => {
  expect(refusal('fpga-sim:huge')).toBe(
    'invalid-request: no device "fpga-sim:huge"; there are fpga-sim:toy, fpga-sim:niazi, fpga-sim:conv-s, fpga-sim:conv-m, fpga-sim:conv-l, fpga-sim:asic28, fpga-sim:dense',
  );
  expect([isMachineUri('fpga-sim:huge'), isMachineUri('fpga-sim:toy'), isMachineUri('fpga-sim:toy?lanes=4')]).toEqual([
    false,
    true,
    true,
  ]);
});

describe('refused by name, and the nearest that is not', () => {
  test.each([
    ['fpga-sim:toy?clock=3', 'unknown option "clock"', 'fpga-sim:toy?clockMHz=3'],
    ['fpga-sim:toy?toString=3', 'unknown option "toString"', 'fpga-sim:toy?lanes=3'],
    ['fpga-sim:toy?samplers=8', 'unknown option "samplers"', 'fpga-sim:conv-s?samplers=8'],
    ['fpga-sim:conv-m?lanes=8', 'unknown option "lanes"', 'fpga-sim:toy?lanes=16'],
    ['fpga-sim:toy?lanes=4&lanes=4', 'lanes is given twice', 'fpga-sim:toy?lanes=4'],
    ['fpga-sim:toy?lanes=0', 'lanes is 0', 'fpga-sim:toy?lanes=1'],
    ['fpga-sim:toy?lanes=4097', 'lanes is 4097; allowed: a whole number from 1 to 4096', 'fpga-sim:toy?lanes=4096'],
    ['fpga-sim:toy?lanes=1.5', 'lanes is 1.5', 'fpga-sim:toy?lanes=2'],
    ['fpga-sim:toy?clockMHz=0', 'clockMHz is 0', 'fpga-sim:toy?clockMHz=0.001'],
    ['fpga-sim:toy?weightBits=11', 'weightBits is 11', 'fpga-sim:toy?weightBits=10'],
    ['fpga-sim:toy?format=s4.13', 'format is "s4.13"', 'fpga-sim:toy?format=s4.12'],
    ['fpga-sim:toy?format=s2.5', 'format is "s2.5"', 'fpga-sim:toy?format=s3.5'],
    ['fpga-sim:toy?rng=mt19937', 'rng is "mt19937"', 'fpga-sim:toy?rng=xorshift32'],
    ['fpga-sim:toy?tableEntries=500', 'tableEntries is 500; allowed: a power of two', 'fpga-sim:toy?tableEntries=256'],
    [
      'fpga-sim:toy?activation=exact&tableEntries=512',
      'tableEntries is for activation=table; here activation is exact',
      'fpga-sim:toy?activation=table&tableEntries=512',
    ],
    ['fpga-sim:toy?clipField=1', 'clipField is for activation=clip', 'fpga-sim:toy?activation=clip&clipField=1'],
    ['fpga-sim:toy?activation=exact&thresholdBits=8', 'thresholdBits is 8', 'fpga-sim:toy?thresholdBits=8'],
    ['fpga-sim:toy?linkMBps=10', 'linkMBps is for link=dma or pcie', 'fpga-sim:toy?link=dma&linkMBps=10'],
    ['fpga-sim:toy?linkLatencyUs=1', 'linkLatencyUs is for link=dma or pcie', 'fpga-sim:toy?link=pcie&linkLatencyUs=1'],
    [
      'fpga-sim:toy?readout=raw&counterBits=16',
      'counterBits is for readout=counter or walk',
      'fpga-sim:toy?readout=walk&counterBits=16',
    ],
    ['fpga-sim:toy?walkCycles=2', 'walkCycles is for readout=walk', 'fpga-sim:toy?readout=walk&walkCycles=2'],
    [
      'fpga-sim:niazi?cyclesPerColor=2',
      'cyclesPerColor is for phases=sequential',
      'fpga-sim:niazi?phases=sequential&cyclesPerColor=2',
    ],
    ['fpga-sim:conv-s?samplers=257', 'at most channels · pixels = 256', 'fpga-sim:conv-s?samplers=256'],
    ['fpga-sim:toy?couplingSlots=7', 'at least lanes · couplingsPerLane = 8', 'fpga-sim:toy?couplingSlots=8'],
    [
      'fpga-sim:toy?rng=lfsr32-rotations&lanes=33',
      'draws 33 numbers at once',
      'fpga-sim:toy?rng=lfsr32-rotations&lanes=32',
    ],
    ['fpga-sim:toy?readBeatNs=unstated', 'readBeatNs is "unstated"', 'fpga-sim:toy?staticWatts=unstated'],
  ])('%s', (uri, message, control) => {
    expect(refusal(uri)).toMatch(/^invalid-request: /);
    expect(refusal(uri)).toContain(message);
    expect(refusal(control)).toBe('accepted');
  });
});

/** Generated SystemVerilog, simulated, draws the numbers of the emulator, in the cycles of the catalogue. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type GeneratorKind, generatorEntry, generatorKinds } from '../../src/generators/catalogue.ts';
import { laneGenerators } from '../../src/generators/create-lane-generators.ts';
import type { StreamKey } from '../../src/generators/lane-generators.ts';
import { splitmix32 } from '../../src/generators/splitmix32.ts';
import { laneGeneratorsModules } from '../../src/rtl/generators/lane-generators-module.ts';
import { generatorBench } from './generator-bench.ts';
import { zeroSeedKey } from './zero-seed.ts';

const simulated = spawnSync('iverilog', ['-V']).status !== null;
const key: StreamKey = { seed: 0xfedcba9876543210n, image: 41, blockAndChain: 0x0200_0007, sweepOffset: 5 };
const rounds = 12;

/** What Icarus Verilog prints when it runs the module `bench` of a text. */
function icarusLines(text: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'generators-'));
  try {
    writeFileSync(join(folder, 'bench.sv'), text);
    const options = { cwd: folder, encoding: 'utf8', stdio: 'pipe' } as const;
    const warnings = execFileSync(
      'iverilog',
      ['-g2012', '-Wall', '-Wno-timescale', '-s', 'bench', '-o', 'bench', 'bench.sv'],
      options,
    );
    expect(warnings).toBe('');
    return execFileSync('vvp', ['-n', 'bench'], options)
      .split('\n')
      .filter((line) => /^(state|draws)/.test(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the bench prints of the SystemVerilog, and what it would print of the emulator. */
function seenAndExpected(kind: GeneratorKind, lanes: number, by: StreamKey): [seen: string[], expected: string[]] {
  const generators = laneGenerators(kind, lanes);
  const { stateWords } = generators;
  const spinIndices = Array.from({ length: rounds }, (_, round) =>
    Uint32Array.from({ length: lanes }, (__, lane) => splitmix32(round * lanes + lane)),
  );
  const state = Uint32Array.from({ length: stateWords }, (_, n) => splitmix32(1000 + n));
  const bench = generatorBench({ lanes, stateWords, key: by, rounds, spinIndices, state });
  const seen = icarusLines(`${laneGeneratorsModules(kind)}\n${bench}`);

  const out = new Uint16Array(lanes);
  const cycles = Math.max(1, generatorEntry(kind).cyclesPerDraw);
  const hex = (words: Iterable<number>, digits: number) =>
    [...words].map((word) => word.toString(16).padStart(digits, '0'));
  const stateLine = () => ['state', ...hex(generators.save(), 8)].join(' ');
  const drawsLine = (round: number) => {
    generators.draw(out, spinIndices[round] as Uint32Array, 0, round + 1);
    return ['draws', cycles, ...hex(out, 4)].join(' ');
  };
  generators.seed(by);
  const expected = [stateLine(), ...spinIndices.map((_, round) => drawsLine(round)), stateLine()];
  generators.restore(state);
  return [seen, [...expected, stateLine(), drawsLine(0)]];
}

describe.skipIf(!simulated)('Icarus Verilog (skipped where iverilog is not installed)', () => {
  for (const kind of generatorKinds) {
    test.each([1, 2, 5])(
      `${kind}, %i lanes: seeds, draws, state and its rewriting are those of the emulator`,
      (lanes) => {
        const [seen, expected] = seenAndExpected(kind, lanes, key);
        expect(expected).toHaveLength(rounds + 4);
        expect(seen).toEqual(expected);
      },
    );
  }

  test('a lane whose seed is 0 begins elsewhere, on both sides', () => {
    const [seen, expected] = seenAndExpected('lfsr32', 4, zeroSeedKey(2));
    expect(expected[0]?.split(' ')[3]).toBe('9e3779b9');
    expect(seen).toEqual(expected);
  });

  test('control: another key makes other lines', () => {
    const [seen] = seenAndExpected('lfsr32', 4, key);
    const [, expected] = seenAndExpected('lfsr32', 4, { ...key, image: key.image + 1 });
    expect(seen[0]).not.toBe(expected[0]);
    expect(seen[1]).not.toBe(expected[1]);
  });
});

/** What the conformance suite says of emulated machines at the level quick, by generator and engine: a record of runs, of which docs/devices.md has the table. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '@isinglass/conformance';
import {
  type GeneratorKind,
  generatorEntry,
  generatorKinds,
} from '../../packages/backend-fpga-sim/src/generators/catalogue.ts';
import { type Engine, engines } from '../../packages/backend-fpga-sim/src/parameters/choices.ts';
import { smallMachine } from '../../packages/backend-fpga-sim/test/generators/small-machines.ts';
import { repositoryRoot } from '../workspace/read-workspace.ts';
import { code, table } from './cells.ts';

export const recordPath = join(repositoryRoot, 'tools/device-docs/generator-verdicts.jsonl');

/** The seed of run n is the first 64 bits of the stream `null-record/n` of this one. */
export const baseSeed = 0x20261124n;

export interface MachineUnderTest {
  readonly engine: Engine;
  readonly generator: GeneratorKind;
  readonly device: string;
  /** How many are wanted; biased generators take three times as long as others, since what rejects is sampled fourfold once more. */
  readonly runs: number;
}

/** One run of the suite on one machine: a line of the record. */
export interface VerdictRun extends Omit<MachineUnderTest, 'runs'> {
  readonly run: number;
  readonly seed: string;
  /** Version of the suite and hash of its plans. */
  readonly suite: string;
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Failed and inconclusive cases, by id, with the hypothesis that is farthest off and its p-value after Holm, or the first wrong finding. */
  readonly against: Readonly<Record<string, string>>;
}

/** Those that must pass on every engine. */
const throughout: readonly GeneratorKind[] = ['philox', 'xoshiro128pp'];

/** Those that must fail on every engine whose lanes are as many as spins of a color, or few. */
const failing: readonly GeneratorKind[] = ['lfsr32-leap1', 'xoshiro128p-low', 'shared-word'];

const on = (engine: Engine, generators: readonly GeneratorKind[], runs: number): readonly MachineUnderTest[] =>
  generators.map((generator) => ({ engine, generator, device: smallMachine(engine, generator), runs }));

const withVerdict = (verdict: 'sound' | 'biased') =>
  generatorKinds.filter((kind) => generatorEntry(kind).verdict === verdict);

export const machinesUnderTest: readonly MachineUnderTest[] = [
  ...on('lane', withVerdict('sound'), 10),
  ...engines.filter((engine) => engine !== 'lane').flatMap((engine) => on(engine, throughout, 10)),
  ...on('lane', withVerdict('biased'), 5),
  ...on('fabric', failing, 2),
  ...on('conv', failing, 2),
];

/** Lines in any order; none where there is no record. */
export function readVerdictRuns(): readonly VerdictRun[] {
  if (!existsSync(recordPath)) return [];
  const lines = readFileSync(recordPath, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as VerdictRun);
}

export function verdictsTable(): string {
  const runs = readVerdictRuns();
  const rows = machinesUnderTest.flatMap(({ engine, generator, device }) => {
    const made = runs.filter((run) => run.device === device);
    if (made.length === 0) return [];
    const passed = made.filter(({ against }) => Object.keys(against).length === 0).length;
    return [[code(generator), engine, `${passed} of ${made.length}`, checksAgainst(made)]];
  });
  return table(['generator', 'engine', 'runs passed', 'checks that fail it'], rows);
}

/** Those of every run first, then with the number of runs. */
function checksAgainst(runs: readonly VerdictRun[]): string {
  const ids = [...new Set(runs.flatMap(({ against }) => Object.keys(against)))].sort();
  const failed = ids.map((id) => ({ id, times: runs.filter(({ against }) => id in against).length }));
  const name = (id: string): string => code(id.split('@')[0] as string);
  const always = failed.filter(({ times }) => times === runs.length).map(({ id }) => name(id));
  const sometimes = failed.filter(({ times }) => times < runs.length).map(({ id, times }) => `${name(id)} in ${times}`);
  return [...always, ...sometimes].join(', ') || 'none';
}

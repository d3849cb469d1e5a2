/** What the conformance suite says of emulated machines at the level quick, by generator and engine: a record of runs, of which docs/devices.md has the table. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '@isinglass/conformance';
import {
  type GeneratorEntry,
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
  /** What else is not as in the others. */
  readonly with?: string;
  readonly device: string;
}

/** One run of the suite on one machine: a line of the record. */
export interface VerdictRun extends MachineUnderTest {
  readonly run: number;
  readonly seed: string;
  /** Version of the suite and hash of its plans. */
  readonly suite: string;
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Failed and inconclusive cases, by id, with the hypothesis that is farthest off and its p-value after Holm, or the first wrong finding. */
  readonly against: Readonly<Record<string, string>>;
}

const on = (engine: Engine, generators: readonly GeneratorKind[]): readonly MachineUnderTest[] =>
  generators.map((generator) => ({ engine, generator, device: smallMachine(engine, generator) }));

const withVerdict = (verdict: GeneratorEntry['verdict']): readonly GeneratorKind[] =>
  generatorKinds.filter((kind) => generatorEntry(kind).verdict === verdict);

/** Sound generators, then biased ones. */
export const machinesUnderTest: readonly MachineUnderTest[] = [
  ...on('lane', withVerdict('sound')),
  ...engines.filter((engine) => engine !== 'lane').flatMap((engine) => on(engine, ['philox', 'xoshiro128pp'])),
  {
    engine: 'lane',
    generator: 'xoshiro128pp',
    with: '8-bit thresholds',
    device: `${smallMachine('lane', 'xoshiro128pp')}&thresholdBits=8`,
  },
  {
    engine: 'conv',
    generator: 'philox',
    with: 'a table of 2,048',
    device: smallMachine('conv', 'philox').replace('activation=exact', 'activation=table'),
  },
  ...on('lane', withVerdict('biased')),
  ...on('fabric', ['lfsr32-leap1', 'xoshiro128p-low', 'shared-word']),
  ...on('conv', ['lfsr32-leap1', 'xoshiro128p-low', 'shared-word']),
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
  const rows = machinesUnderTest.flatMap(({ engine, generator, with: other, device }) => {
    const made = runs.filter((run) => run.device === device);
    if (made.length === 0) return [];
    const passed = made.filter(({ against }) => Object.keys(against).length === 0).length;
    return [
      [
        code(generator),
        other === undefined ? engine : `${engine}, ${other}`,
        `${passed} of ${made.length}`,
        checksAgainst(made),
      ],
    ];
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

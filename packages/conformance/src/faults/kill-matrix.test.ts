import { expect, it } from 'vitest';
import type { Check } from '../checks/check.ts';
import { formatMatrix } from './format-matrix.ts';
import { runMutants, UnknownCheckError } from './kill-matrix.ts';
import { type MutantRecord, mutantLine, parseMutantLines } from './mutant-record.ts';
import { planted, samplerProfile } from './planted/planted.ts';
import type { PlantedFault } from './planted-fault.ts';
import { claiming } from './spoiled-driver.ts';

/** A device whose name is its fault, and a check that sees names; `missing`: a check that needs what no device here declares. */
const named = (name: string): ReturnType<typeof planted> =>
  planted({
    id: name,
    title: `The name is ${name}.`,
    effect: 'total',
    killedBy: { quick: ['sees.names'], standard: ['sees.names'] },
    blind: [],
    make: (profile) => ({ profile: () => claiming(profile, { name }) }),
    twin: { effect: 'the right name', make: () => ({}) },
  });

const check = (id: string, changes: Partial<Check['plan']>, run: (name: string, seed: bigint) => boolean): Check => ({
  plan: {
    ...{
      id,
      version: 1,
      row: 0,
      chapter: 'lifecycle',
      title: '',
      how: '',
      kind: 'logical',
      statistic: '',
      samples: '',
    },
    ...{ resolution: { quick: '', standard: '', certify: '' }, level: 'quick', clauses: [], needs: [], kills: [] },
    ...{ blindTo: [], since: '0.1.0' },
    ...changes,
  } as Check['plan'] & { kind: 'logical' },
  async run(c) {
    const { profile } = await c.open();
    return [{ name: 'the name', ok: !run(profile.name, c.random('').bits64()) }];
  },
});

const seesNames = check('sees.names', {}, (name) => name !== samplerProfile.name);
const seesHalf = check('sees.half', {}, (name, seed) => name !== samplerProfile.name && seed % 2n === 0n);
const setting = { level: 'quick', seed: 5n, faults: [named('a'), named('b')], checks: [seesNames, seesHalf] } as const;

it('runs named cells as often as the power rule asks for', async () => {
  const { cells } = await runMutants(setting);
  expect(cells.map(({ fault, kills, runs, power }) => ({ fault, kills, runs, power }))).toEqual([
    { fault: 'a', kills: 90, runs: 90, power: 'killed' },
    { fault: 'b', kills: 90, runs: 90, power: 'killed' },
  ]);
});

it('stops where four misses decide', async () => {
  const half: PlantedFault = { ...named('a'), killedBy: { quick: ['sees.half'] } };
  const { cells } = await runMutants({ ...setting, faults: [half] });
  expect(cells[0]?.power).toBe('not killed');
  expect(cells[0]?.runs).toBeLessThan(40);
  expect((cells[0]?.runs ?? 0) - (cells[0]?.kills ?? 0)).toBe(4);
});

it('every check, once', async () => {
  const { cells } = await runMutants({ ...setting, cells: 'all', runs: 1 });
  expect(cells.map((cell) => [cell.fault, cell.case, cell.named])).toEqual([
    ['a', 'sees.names@1', true],
    ['a', 'sees.half@1', false],
    ['b', 'sees.names@1', true],
    ['b', 'sees.half@1', false],
  ]);
});

it('higher levels have their own cells, and the fast slice one for each fault', async () => {
  const both = await runMutants({ ...setting, level: 'standard', runs: 1 });
  expect(both.cells.map(({ level }) => level)).toEqual(['quick', 'standard', 'quick', 'standard']);
  const fast = await runMutants({ ...setting, fast: true });
  expect(fast.cells.map(({ fault, runs }) => [fault, runs])).toEqual([
    ['a', 1],
    ['b', 1],
  ]);
});

it('twins pass', async () => {
  const { cells } = await runMutants({ ...setting, devices: 'twins', runs: 3 });
  expect(cells.map(({ fault, kills, runs }) => [fault, kills, runs])).toEqual([
    ['a~', 0, 3],
    ['b~', 0, 3],
  ]);
  expect(formatMatrix({ seed: '', cells }, setting.faults)).toContain('passes 3 of 3');
});

it('goes on from a record, whose last line may be cut off', async () => {
  const records: MutantRecord[] = [];
  const whole = await runMutants({ ...setting, runs: 3, onRecord: (record) => void records.push(record) });
  const text = records.slice(0, 4).map(mutantLine).join('');
  const known = parseMutantLines(`${text}{"record":"mut`);
  expect(known).toEqual(records.slice(0, 4));
  const added: MutantRecord[] = [];
  const resumed = await runMutants({
    ...setting,
    runs: 3,
    resumeFrom: known,
    onRecord: (record) => void added.push(record),
  });
  expect(resumed.cells.map(({ seconds: _, ...cell }) => cell)).toEqual(
    whole.cells.map(({ seconds: _, ...cell }) => cell),
  );
  expect(added.map(({ seed }) => seed)).toEqual(records.slice(4).map(({ seed }) => seed));
  expect(() => parseMutantLines('{"record":"case"}\n')).toThrow(SyntaxError);
});

it('a check that cannot judge a device is asked once', async () => {
  const needsTolerance = check('sees.names', { needs: ['asynchronous' as never] }, () => true);
  const unsupported = { ...needsTolerance, plan: { ...needsTolerance.plan, needs: ['real-law' as const] } } as Check;
  const { cells } = await runMutants({ ...setting, checks: [unsupported], faults: [named('a')] });
  expect(cells).toMatchObject([{ kills: 0, runs: 1, without: 1 }]);
});

it('stops when it is told to', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(runMutants({ ...setting, signal })).rejects.toThrow('enough');
});

it('a fault that names no check of the catalogue is a fault of the suite', async () => {
  const { checks: _, ...rest } = setting;
  await expect(runMutants({ ...rest, faults: [named('a')] })).rejects.toThrow(UnknownCheckError);
});

it('a table says what is killed by what', async () => {
  const matrix = await runMutants({ ...setting, cells: 'all', runs: 90 });
  const text = formatMatrix(matrix, setting.faults);
  expect(text.split('\n')).toHaveLength(4);
  expect(text).toContain('| a | The name is a. | total | quick | sees.names 90/90');
  expect(text).toMatch(/sees\.half\* \d+\/90/);
});

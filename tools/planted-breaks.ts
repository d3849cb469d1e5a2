/**
 * Shows that the tests have teeth: changes one line of the law, the readouts or the compiler at a time, in a throw-away
 * clone of the committed tree, and runs the tests that must notice. Exits 1 when a break survives, or when the line that
 * it changes is no longer there.
 *
 *     pnpm planted-breaks [name …]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PlantedBreak, plantedBreaks } from './planted-breaks/breaks.ts';

const pnpm = ['--yes', 'pnpm@12.21.0'];

interface Outcome {
  readonly failed: number;
  readonly passed: number;
  readonly firstFailure: string;
}

function main(): number {
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !plantedBreaks.some((planted) => planted.name === name));
  if (unknown.length > 0) {
    console.error(`no such break: ${unknown.join(', ')}; there are ${plantedBreaks.map((b) => b.name).join(', ')}`);
    return 2;
  }
  const wanted = plantedBreaks.filter((planted) => names.length === 0 || names.includes(planted.name));
  const clone = mkdtempSync(join(tmpdir(), 'isinglass-breaks-'));
  try {
    execFileSync('git', ['clone', '--quiet', process.cwd(), clone]);
    execFileSync('npx', [...pnpm, 'install', '--frozen-lockfile', '--prefer-offline'], { cwd: clone, stdio: 'ignore' });
    const control = runTests(clone, [...new Set(wanted.flatMap((planted) => planted.tests))]);
    if (control.failed > 0 || control.passed === 0) {
      console.error(`control: ${control.failed} of the tests fail without any break: ${control.firstFailure}`);
      return 1;
    }
    console.log(`control: ${control.passed} tests pass without any break`);
    const survivors = wanted.filter((planted) => !isKilled(clone, planted));
    console.log(`${wanted.length - survivors.length} of ${wanted.length} planted breaks are noticed`);
    return survivors.length === 0 ? 0 : 1;
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
}

function isKilled(clone: string, planted: PlantedBreak): boolean {
  const path = join(clone, planted.file);
  const source = readFileSync(path, 'utf8');
  if (source.split(planted.line).length !== 2) {
    console.log(`STALE     ${planted.name}: the line is not exactly once in ${planted.file}: ${planted.line.trim()}`);
    return false;
  }
  writeFileSync(
    path,
    source.replace(planted.line, () => planted.broken),
  );
  try {
    const { failed, firstFailure } = runTests(clone, planted.tests);
    console.log(
      failed > 0
        ? `noticed   ${planted.name}: ${failed} tests fail, first "${firstFailure}"`
        : `SURVIVED  ${planted.name}: ${planted.file}: ${planted.broken.trim()}`,
    );
    return failed > 0;
  } finally {
    writeFileSync(path, source);
  }
}

function runTests(clone: string, tests: readonly string[]): Outcome {
  const report = join(clone, 'planted-break.json');
  rmSync(report, { force: true });
  const run = spawnSync(
    join(clone, 'node_modules/.bin/vitest'),
    ['run', ...tests, '--reporter=json', `--outputFile=${report}`],
    { cwd: clone, encoding: 'utf8' },
  );
  let results: VitestReport;
  try {
    results = JSON.parse(readFileSync(report, 'utf8')) as VitestReport;
  } catch (cause) {
    throw new Error(`vitest left no report: ${run.stderr.slice(-2000)}`, { cause });
  }
  const files = results.testResults;
  const failures = files.flatMap((file) => file.assertionResults).filter((test) => test.status === 'failed');
  const brokenFiles = files.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  return {
    failed: failures.length + brokenFiles.length,
    passed: results.numPassedTests,
    firstFailure: failures[0]?.fullName ?? brokenFiles[0]?.name.slice(clone.length + 1) ?? '',
  };
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

process.exit(main());

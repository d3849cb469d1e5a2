/**
 * Fuzzes the reader of program files.
 *
 *   node packages/sdk/test/fuzz/fuzz-isg.ts --cases 1000000 --seed 1
 *   node packages/sdk/test/fuzz/fuzz-isg.ts --seed 1 --only 4711 --save case.isg
 *
 * A case fails when reading throws anything but InvalidProgramError, takes longer than a second of processor time, or accepts a program
 * that does not read back equal after writing. The process fails when its memory passes 512 MB.
 * Prints one line of JSON: how many cases were accepted, and how many refused by which code first.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isIsinglassError } from '../../src/errors/isinglass-error.ts';
import { readProgram } from '../../src/program/read-program.ts';
import { writeProgram } from '../../src/program/write-program.ts';
import { type Mutation, mutation } from '../../src/testing/mutate.ts';
import { mutateProgramFile } from './isg-mutations.ts';

const caseMsMax = 1000;
const memoryBytesMax = 512 * 2 ** 20;
const sourceBytesMax = 20_000;

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    save: { type: 'string' },
  },
});
const sources = readSources();
const seed = Number(values.seed);
const make = (index: number) => mutation(sources, { seed, index, structured: mutateProgramFile });

if (values.only !== undefined) {
  const one = make(Number(values.only));
  if (values.save !== undefined) writeFileSync(values.save, one.bytes);
  console.log(JSON.stringify({ case: one.index, done: one.done, bytes: one.bytes.length, outcome: outcomeOf(one) }));
} else {
  runAll(Number(values.cases));
}

function runAll(cases: number): void {
  const outcomes: Record<string, number> = {};
  let slowestMs = 0;
  for (let index = 0; index < cases; index++) {
    const one = make(index);
    // Time of this process alone: the machine may be busy with others.
    const start = process.cpuUsage();
    const outcome = outcomeOf(one);
    const { user, system } = process.cpuUsage(start);
    const ms = (user + system) / 1000;
    slowestMs = Math.max(slowestMs, ms);
    if (ms > caseMsMax) fail(one, `took ${ms.toFixed(0)} ms`);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  const memoryBytes = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ cases, seed, outcomes, slowestMs: Math.round(slowestMs), memoryBytes }));
  if (memoryBytes > memoryBytesMax) {
    console.error(`memory: ${memoryBytes} bytes, above ${memoryBytesMax}`);
    process.exitCode = 1;
  }
}

/** `accepted`, or the code of the first violation. */
function outcomeOf(one: Mutation): string {
  try {
    const program = readProgram(one.bytes);
    const again = readProgram(writeProgram(program));
    if (again.hash !== program.hash) return fail(one, `hash ${program.hash} became ${again.hash}`);
    return 'accepted';
  } catch (e) {
    const code = isIsinglassError(e) && e.code === 'invalid-program' ? e.diagnostics[0]?.code : undefined;
    if (code === undefined) return fail(one, e instanceof Error ? (e.stack ?? e.message) : String(e));
    return code;
  }
}

function fail(one: Mutation, reason: string): never {
  console.error(`case ${one.index} of seed ${seed} (${one.done}): ${reason}`);
  process.exit(1);
}

/** The vectors and the controls of the oracle, as far as they are small. */
function readSources(): readonly Uint8Array[] {
  const vectors = new URL('../fixtures/oracle/', import.meta.url);
  const files = ['', 'reject/'].flatMap((folder) => {
    const names = readdirSync(new URL(folder, vectors)).filter((name) => name.endsWith('.isg') && !/^p\d/.test(name));
    return names.sort().map((name) => new Uint8Array(readFileSync(new URL(folder + name, vectors))));
  });
  return files.filter((file) => file.length <= sourceBytesMax);
}

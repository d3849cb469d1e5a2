/**
 * Fresh random programs against an independent implementation of the semantics in Python, bit for bit. The oracle lies
 * beside the repository where the project is developed; elsewhere, or without numpy and safetensors, this is skipped.
 *
 *     ISINGLASS_ORACLE_SEED=…       replays a printed seed
 *     ISINGLASS_ORACLE_PROGRAMS=…   how many programs, default 40
 *     ISINGLASS_PYTHON=…            the interpreter, default python3
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import backend from '@isinglass/backend-cpu';
import {
  activationTable,
  type Block,
  blockCounts,
  blockLayout,
  type DriverResult,
  type DriverRun,
  fixedBlock,
  fullTemperature,
  type Program,
  readProgram,
  silentLogger,
  type TraceListener,
  writeProgram,
} from '@isinglass/sdk';
import { fixedStaticFields, runFixedLaw } from '@isinglass/sdk/reference';
import {
  compareReadouts,
  compareTrace,
  type RunData,
  randomProgram,
  randomRun,
  readoutRequests,
  readVectorFolder,
  type Vector,
  type VectorDifference,
  type VectorRun,
  vectorRequest,
  vectorRun,
} from '@isinglass/sdk/testing';
import { describe, expect, test } from 'vitest';

const oracle = fileURLToPath(new URL('../../shared/oracle', import.meta.url));
const script = fileURLToPath(new URL('./oracle/expected.py', import.meta.url));
const python = process.env.ISINGLASS_PYTHON ?? 'python3';
const count = Number(process.env.ISINGLASS_ORACLE_PROGRAMS ?? 40);
const seed = Number(process.env.ISINGLASS_ORACLE_SEED ?? Date.now() % 2 ** 31);

/** Why the oracle cannot be asked here, or null. */
function whyNot(): string | null {
  if (!existsSync(join(oracle, 'isg_oracle.py'))) return 'the oracle is not beside the repository';
  const { status, error } = spawnSync(python, ['-c', 'import numpy, safetensors.numpy']);
  if (error !== undefined) return `${python} does not start: ${error.message}`;
  return status === 0 ? null : `${python} lacks numpy or safetensors`;
}

interface Case {
  readonly name: string;
  readonly program: Program;
  readonly block: Block;
  readonly run: RunData;
}

function randomCase(n: number): Case {
  const program = randomProgram({ seed: seed + n, blocks: 1 + (n % 2), ...(n % 4 === 3 ? { strength: 3 } : {}) });
  const random = randomRun(program, seed + n, { sweepsMax: 12 });
  const block = program.json.stages.find(
    (stage): stage is Block => stage.kind === 'block' && stage.index === random.block,
  );
  if (block === undefined) throw new Error('a run of no block');
  const first = Math.min(random.images[0] ?? 0, 2 ** 32 - random.images.length);
  const run: RunData = {
    ...random,
    // What a vector can say; scattered images and sweep offsets are compared with the reference elsewhere.
    images: random.images.map((_, k) => first + k),
    sweepOffset: 0,
    keep: 'nothing',
    readouts: readoutRequests(block),
  };
  return { name: `random-${seed + n}`, program, block, run };
}

/** The oracle's answers, as vectors. */
function askOracle(cases: readonly Case[]): ReadonlyMap<string, { vector: Vector; file: Uint8Array<ArrayBuffer> }> {
  const folder = mkdtempSync(join(tmpdir(), 'isinglass-oracle-'));
  try {
    for (const { name, program, block, run } of cases) {
      writeFileSync(join(folder, `${name}.isg`), writeProgram(program));
      const request = { block: block.index, request: vectorRequest(run) };
      writeFileSync(join(folder, `${name}.request.json`), JSON.stringify(request));
    }
    execFileSync(python, [script, oracle, folder], {
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    for (const { name } of cases) rmSync(join(folder, `${name}.request.json`));
    return new Map(readVectorFolder(folder).cases.map(({ name, vector, file }) => [name, { vector, file }]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Machine = (
  program: Program,
  run: RunData & { readonly trace: TraceListener },
) => DriverResult | Promise<DriverResult>;

const machines: Readonly<Record<string, Machine>> = {
  reference: (program, run) => runFixedLaw(program, run),
  'cpu:scalar': onDevice('cpu:scalar'),
  cpu: onDevice('cpu'),
  'cpu?simd=baseline': onDevice('cpu?simd=baseline'),
};

function onDevice(uri: string): Machine {
  return async (program, run) => {
    const driver = await backend.open(uri, { logger: silentLogger });
    const loaded = await driver.load(program, {});
    const complete: DriverRun = { ...run, signal: new AbortController().signal };
    const result = await loaded.run(complete);
    await driver.close();
    return result;
  };
}

/** Where a machine's states, hashes, sums and signs differ from the oracle's. */
async function differences(machine: Machine, program: Program, ready: VectorRun): Promise<readonly VectorDifference[]> {
  const found: VectorDifference[] = [];
  const trace: TraceListener = (sweep, banks) => void found.push(...compareTrace(ready, sweep, banks));
  const { readouts } = await machine(program, { ...ready.run, trace });
  return [...found, ...compareReadouts(ready, readouts)];
}

/** What the sdk computes from the file alone. */
function fileLevel({ program, block, run }: Case) {
  const { multipliers, biases, fieldBound, fractionBits } = fixedBlock(program, block, run.gains);
  return {
    programHash: program.hash,
    counts: blockCounts(block, program.tensors),
    offsets: Object.fromEntries(blockLayout(block).map(({ bank, offset }) => [bank.id, offset])),
    multipliers: Object.fromEntries(multipliers),
    B: Object.fromEntries([...biases].map(([bank, B]) => [bank, [...B]])),
    fieldBound,
    tableSha256: createHash('sha256')
      .update(Uint32Array.from(activationTable(fractionBits)))
      .digest('hex'),
  };
}

/**
 * Semantics 4.5 adds |B_i| bias by bias; the oracle takes |Σ B_i| (docs/decisions/0009): equal where no free bank has
 * several biases, else never more. Only the bound differs, never a bit of a run.
 */
function expectFieldBound({ name, block }: Case, bound: number, ofOracle: number): void {
  const several = block.banks.some(
    ({ id, role }) => role === 'free' && block.biases.filter((bias) => bias.bank === id).length > 1,
  );
  if (several) expect(bound, name).toBeGreaterThanOrEqual(ofOracle);
  else expect(bound, name).toBe(ofOracle);
}

const reason = whyNot();

describe(`fresh random programs against the independent oracle, seed ${seed}`, () => {
  test(`${count} programs agree in hash, constants, static fields, states, traces, sums and signs`, {
    timeout: 20_000 + 500 * count,
  }, async ({ skip }) => {
    if (reason !== null) skip(reason);
    console.log(`oracle: ISINGLASS_ORACLE_SEED=${seed} ISINGLASS_ORACLE_PROGRAMS=${count}`);
    const cases = Array.from({ length: count }, (_, n) => randomCase(n));
    const answers = askOracle(cases);
    expect(answers.size).toBe(count);
    for (const entry of cases) {
      const answer = answers.get(entry.name);
      if (answer === undefined) throw new Error(`no answer for ${entry.name}`);
      const { expected } = answer.vector;
      const program = readProgram(answer.file);
      const computed = fileLevel({ ...entry, program });
      expectFieldBound(entry, computed.fieldBound, expected.fieldBound);
      expect({ name: entry.name, ...computed }).toMatchObject({
        name: entry.name,
        programHash: expected.programHash,
        counts: expected.counts,
        offsets: expected.offsets,
        multipliers: expected.multipliers,
        B: expected.B,
        tableSha256: expected.tableSha256,
      });
      const ready = vectorRun(answer.vector, program);
      const temperatures = entry.run.temperatures ?? new Uint32Array(entry.run.sweeps).fill(fullTemperature);
      expect([...ready.expected.temperatures]).toEqual([...temperatures]);
      for (const [machine, run] of Object.entries(machines)) {
        const found = await differences(run, program, ready);
        expect({ name: entry.name, machine, found: found.slice(0, 3) }).toEqual({
          name: entry.name,
          machine,
          found: [],
        });
      }
      const H = fixedStaticFields(program, entry.block, ready.run);
      expect({ name: entry.name, H }).toEqual({ name: entry.name, H: ready.expected.staticFields });
    }
  });
});

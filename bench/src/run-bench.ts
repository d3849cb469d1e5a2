/** Measures everything that was asked for: pass after pass, all implementations of a workload in turn. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidRequestError, isIsinglassError } from '@isinglass/sdk';
import { type PassRequest, timings } from './measure/pass-request.ts';
import { runPass } from './measure/run-pass.ts';
import type { Target } from './measure/target.ts';
import { deviceChoices, implementationOf, variantName, variantsDefault, variantsOf } from './measure/variant.ts';
import type { Failure } from './report/bench-document.ts';
import { type BenchRow, mergePasses } from './rows/bench-row.ts';
import type { Peer } from './rows/peer.ts';
import { workloadFacts } from './workloads/workload.ts';
import { encodeWorkload } from './workloads/workload-file.ts';
import { namedWorkloads, type WorkloadSize } from './workloads/workload-list.ts';

export interface BenchPlan {
  readonly targets: readonly Target[];
  /** Names of rows; null: every variant of a target. */
  readonly variants: readonly string[] | null;
  readonly threads: readonly number[];
  readonly size: WorkloadSize;
  /** A device URI; `cpu` stands for its threads and kernels. */
  readonly device: string;
  /** Passes of every row. */
  readonly repeat: number;
  readonly peers: readonly Peer[];
  /** Where workload files are kept. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Before every pass of `total`, and at the end. */
  readonly onProgress: (done: number, total: number, note: string) => void;
  /** What goes on before the first pass. */
  readonly onSetUp: (what: string) => void;
}

export interface BenchMeasurements {
  readonly rows: readonly BenchRow[];
  readonly failures: readonly Failure[];
}

/** One thing to do in a pass. */
interface Task {
  readonly workload: string;
  readonly implementation: string;
  readonly peer: boolean;
  readonly note: string;
  run(pass: number): Promise<readonly BenchRow[]>;
}

/**
 * Rejects with InvalidRequestError when a device refuses its URI, and with the signal's reason. Anything else that goes
 * wrong is a failure of that row; the others go on.
 */
export async function runBench(plan: BenchPlan): Promise<BenchMeasurements> {
  const failures: Failure[] = [];
  const peers = await availablePeers(plan, failures);
  const groups = plan.targets.map((target) => tasksOf(target, plan, peers));
  const total = groups.flat().length * plan.repeat;
  if (total === 0) {
    throw new InvalidRequestError(
      `none of these workloads has a variant ${plan.variants?.join(', ')} on ${plan.device}`,
      {
        where: 'variants',
      },
    );
  }
  const rows: BenchRow[] = [];
  let done = 0;
  for (const tasks of groups) {
    const failed = new Set<Task>();
    for (let pass = 0; pass < plan.repeat; pass++) {
      for (const task of tasks) {
        plan.signal.throwIfAborted();
        plan.onProgress(done, total, task.note);
        try {
          if (!failed.has(task)) rows.push(...(await task.run(pass)));
        } catch (error) {
          if (plan.signal.aborted || (isIsinglassError(error) && error.code === 'invalid-request')) throw error;
          failed.add(task);
          failures.push(failureOf(task, error));
        }
        done++;
      }
    }
  }
  plan.onProgress(total, total, 'done');
  return { rows: mergePasses(rows), failures };
}

function failureOf({ workload, implementation, peer }: Task, error: unknown): Failure {
  return { workload, implementation, peer, message: error instanceof Error ? error.message : String(error) };
}

async function availablePeers({ peers, onSetUp }: BenchPlan, failures: Failure[]): Promise<readonly Peer[]> {
  const found: Peer[] = [];
  for (const peer of peers) {
    onSetUp(`setting up ${peer.name}`);
    const answer = await peer.available();
    if (answer === true) found.push(peer);
    else failures.push({ workload: null, implementation: peer.name, peer: true, message: answer });
  }
  return found;
}

/** Ours in their order, then the peers'. */
function tasksOf(target: Target, plan: BenchPlan, peers: readonly Peer[]): readonly Task[] {
  const { name } = target;
  const file = target.kind === 'workload' ? workloadFile(name, plan) : null;
  const variants = variantsOf[name] ?? variantsDefault;
  const tasks = deviceChoices(plan.device, { threads: plan.threads, variants })
    .filter(({ variant }) => plan.variants === null || plan.variants.includes(variantName(variant)))
    .map(({ uri, threads, variant }): Task => {
      const request: Omit<PassRequest, 'check'> = {
        target: name,
        size: plan.size,
        workloadFile: file,
        uri,
        threads,
        variant,
        timing: timings[plan.size],
      };
      return {
        workload: name,
        implementation: implementationOf(uri),
        peer: false,
        note: `${name} ${variantName(variant)}`,
        run: async (pass) => [await runPass({ ...request, check: pass === 0 }, plan.signal)],
      };
    });
  if (file === null) return tasks;
  return [
    ...tasks,
    ...peers.flatMap((peer) => plan.threads.map((threads) => peerTask(peer, threads, name, file, plan))),
  ];
}

function peerTask(peer: Peer, threads: number, name: string, file: string, plan: BenchPlan): Task {
  const named = namedWorkloads.find((workload) => workload.name === name);
  if (named === undefined) throw new RangeError(`${name} is no workload that peers know`);
  const facts = workloadFacts(name, named.generate(plan.size), named.check);
  const { size, signal } = plan;
  return {
    workload: name,
    implementation: peer.name,
    peer: true,
    note: `${name} ${peer.name}`,
    run: (pass) => peer.rowsFor(file, facts, { threads, quick: size === 'quick', check: pass === 0, signal }),
  };
}

/** Writes the file of a workload unless it is there: the numbers are the same every time. */
function workloadFile(name: string, { folder, size }: BenchPlan): string {
  const named = namedWorkloads.find((workload) => workload.name === name);
  if (named === undefined) throw new RangeError(`${name} has no file`);
  const path = join(folder, size === 'quick' ? 'quick' : '.', `${name}.bin`);
  const bytes = encodeWorkload(named.generate(size));
  if (existsSync(path) && readFileSync(path).equals(bytes)) return path;
  mkdirSync(join(path, '..'), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, bytes);
  renameSync(temporary, path);
  return path;
}

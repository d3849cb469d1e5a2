/** One pass over one block on an open device. */
import type { Device, Plan } from '@isinglass/sdk';
import { checkEnergy } from '../energy/check-energy.ts';
import type { BlockTask } from '../programs/block-task.ts';
import { type BenchRow, median, rowOfPass } from '../rows/bench-row.ts';
import type { Workload, WorkloadFacts } from '../workloads/workload.ts';
import { ContinuedRun } from './continued-run.ts';
import type { PassRequest } from './pass-request.ts';
import { philoxCalibration } from './philox-calibration.ts';
import { peakBytes, TimedSections } from './timed-section.ts';
import { implementationOf, variantName } from './variant.ts';

export interface BlockMeasurement {
  readonly request: PassRequest;
  /** Of the rows that are run. */
  readonly facts: WorkloadFacts;
  readonly task: BlockTask;
  /** The same banks without the couplings between free ones. */
  readonly uncoupled: BlockTask;
  /** Null: no energy is measured. */
  readonly workload: Workload | null;
}

/** Loads, warms up, checks the energy, then times the repetitions, each followed by its calibrations. */
export async function measureBlock(device: Device, o: BlockMeasurement): Promise<BenchRow> {
  const { request, facts, task } = o;
  const { warmUpMs, repetitionMs, repetitions } = request.timing;
  const loadStarted = performance.now();
  const loaded = await device.load(task.program);
  const loadMs = performance.now() - loadStarted;
  const run = new ContinuedRun(loaded, task);
  await run.warmUp(warmUpMs);
  const peak = peakBytes();
  const firstSweepMs = await firstSweep(() => new ContinuedRun(loaded, task));
  const protocol = o.workload === null || !request.check ? null : facts.check;
  const checkEnergyPerSpin =
    o.workload === null || protocol === null
      ? null
      : await checkEnergy(loaded, task, { workload: o.workload, protocol });

  const uncoupledLoaded = await device.load(o.uncoupled.program);
  const uncoupled = new ContinuedRun(uncoupledLoaded, o.uncoupled);
  await uncoupled.warmUp(warmUpMs / 4);
  const philox = await philoxCalibration(request.variant.simd, repetitionMs / 20);
  philox?.();

  const sweeps = await run.sweepsLasting(repetitionMs);
  const sections = new TimedSections();
  const seconds: number[] = [];
  const uncoupledSeconds: number[] = [];
  const philoxNs: number[] = [];
  for (let n = 0; n < repetitions; n++) {
    seconds.push(await sections.record(() => run.advance(sweeps)));
    // As many sweeps, so that what a run costs besides them is in both.
    if (n % 2 === 0) uncoupledSeconds.push((await uncoupled.advance(sweeps)) / sweeps);
    if (philox !== null) philoxNs.push(philox());
  }
  run.release();
  uncoupled.release();
  const sweep = median(seconds) / sweeps;
  const rest = median(uncoupledSeconds);
  return rowOfPass({
    workload: facts,
    implementation: implementationOf(request.uri),
    variant: variantName(request.variant),
    threads: request.threads,
    seconds,
    sweeps,
    checkEnergyPerSpin,
    cpuShare: sections.cpuShare(request.threads ?? 1),
    device: {
      uri: request.uri,
      description: device.profile.description,
      weightBits: request.variant.weightBits,
      rows: task.images * task.chains,
      msPerRowSweep: (1000 * sweep) / (task.images * task.chains),
      plannedBytes: plannedBytes(loaded.plan, task.images * task.chains),
      peakBytes: peak,
      loadMs,
      firstSweepMs,
      loopDelayP99Ms: sections.loopDelayP99Ms,
      uncoupledNsPerUpdate: (1e9 * rest) / facts.updatesPerSweep,
      kernelShare: rest < sweep ? 1 - rest / sweep : null,
      philoxNsPerUpdate: philoxNs.length === 0 ? null : median(philoxNs),
    },
  });
}

/** What a plan says of all blocks loaded and the rows of the largest one in flight. */
export function plannedBytes(plan: Plan, rows: number): number {
  return plan.bytes + rows * Math.max(...plan.blocks.map(({ bytesPerRow }) => bytesPerRow));
}

async function firstSweep(begin: () => ContinuedRun): Promise<number> {
  const run = begin();
  const seconds = await run.advance(1);
  run.release();
  return 1000 * seconds;
}

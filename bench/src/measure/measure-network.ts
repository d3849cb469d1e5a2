/** One pass over a whole program through a session: what a user of a compiled network gets. */
import { type Device, readProgram, Session, writeProgram } from '@isinglass/sdk';
import { paperBlocks, paperFacts, paperImages, paperNetwork } from '../programs/paper-blocks.ts';
import { type BenchRow, median, rowOfPass } from '../rows/bench-row.ts';
import { plannedBytes } from './measure-block.ts';
import type { PassRequest } from './pass-request.ts';
import { philoxCalibration } from './philox-calibration.ts';
import { peakBytes, TimedSections } from './timed-section.ts';
import { implementationOf, variantName } from './variant.ts';

/** Of one repetition. */
const sweepsMin = { full: 8, quick: 2 } as const;
/** A full repetition takes seconds. */
const repetitionsMax = 3;

/** `loadMs` is from the bytes of the `.isg` file to the open session. */
export async function measureNetwork(device: Device, request: PassRequest): Promise<BenchRow> {
  const { variant, timing } = request;
  const rows = variant.rows ?? paperImages;
  const parts = paperBlocks(request.size);
  const { program: made, input } = paperNetwork(parts, { ...variant, rows, coupled: true });
  const bytes = writeProgram(made);
  const loadStarted = performance.now();
  const program = readProgram(bytes);
  const session = await Session.open(program, device);
  const loadMs = performance.now() - loadStarted;
  const plan = device.plan(program);
  if (!('blocks' in plan)) throw new Error('a program that is loaded fits');

  const advance = async (sweeps: number): Promise<number> => {
    const { seconds } = await session.run(input, { seed: 1n, sweeps, burnIn: 0, batch: rows });
    return seconds;
  };
  const firstSweepMs = 1000 * (await advance(1));
  const until = performance.now() + timing.warmUpMs;
  let sweepSeconds = firstSweepMs / 1000;
  while (performance.now() < until) sweepSeconds = await advance(1);
  const peak = peakBytes();
  const philox = await philoxCalibration(variant.simd, timing.repetitionMs / 20);
  philox?.();

  // Every run of a session pins new images, whose static fields cost about as much as half a sweep.
  const sweeps = Math.max(sweepsMin[request.size], Math.ceil(timing.repetitionMs / 1000 / sweepSeconds));
  const sections = new TimedSections();
  const seconds: number[] = [];
  const philoxNs: number[] = [];
  for (let n = 0; n < Math.min(repetitionsMax, timing.repetitions); n++) {
    seconds.push(await sections.record(() => advance(sweeps)));
    if (philox !== null) philoxNs.push(philox());
  }
  await session.close();
  return rowOfPass({
    workload: paperFacts(request.target, parts, rows),
    implementation: implementationOf(request.uri),
    variant: variantName(variant),
    threads: request.threads,
    seconds,
    sweeps,
    checkEnergyPerSpin: null,
    cpuShare: sections.cpuShare(request.threads ?? 1),
    device: {
      uri: request.uri,
      description: device.profile.description,
      weightBits: variant.weightBits,
      rows,
      msPerRowSweep: (1000 * median(seconds)) / sweeps / rows,
      plannedBytes: plannedBytes(plan, rows),
      peakBytes: peak,
      loadMs,
      firstSweepMs,
      loopDelayP99Ms: sections.loopDelayP99Ms,
      uncoupledNsPerUpdate: null,
      kernelShare: null,
      philoxNsPerUpdate: philoxNs.length === 0 ? null : median(philoxNs),
    },
  });
}

/**
 * The one place where a request is checked (architecture section 3): below it, the device and its driver assert. Every
 * error names the field, its value and what is allowed; nothing is allocated and nothing has started when it is thrown.
 */
import type { ReadoutRequest } from '../contract/driver.ts';
import { InvalidRequestError, UnsupportedError } from '../errors/isinglass-error.ts';
import { fullTemperature, scheduleTemperatures } from '../law/temperature.ts';
import { canRead } from '../profile/check-defaults.ts';
import type { DeviceProfile } from '../profile/device-profile.ts';
import { blockLayout } from '../program/block-layout.ts';
import type { Program } from '../program/program.ts';
import { type Block, observables, type Schedule } from '../program/program-json.ts';
import type { Words } from '../spins/packed-spins.ts';
import { checkDeadline, checkFields, checkListener, checkSignal, checkTimeline } from './check-arguments.ts';
import { checkKeys, checkSpins, checkWords, integerIn, invalid, oneOf } from './check-values.ts';
import { resolveGains } from './resolve-gains.ts';
import { resolveStart } from './resolve-start.ts';
import type { ResolvedRun } from './resolved-run.ts';
import type { RunRequest } from './run-request.ts';

const chainsEnd = 2 ** 24;
const sweepsEnd = 2 ** 32 - 1;
/** 65536 · K · chains stays an exact integer in float64. */
const samplesMax = 2 ** 37;

/** Where a run is asked: the program on its device. */
export interface RunContext {
  readonly program: Program;
  readonly profile: DeviceProfile;
  /** The program on the device, as identity: kept states belong to it. */
  readonly owner: object;
  readonly resultBytesMax: number;
  /** Whether the driver fills timelines. */
  readonly fillsTimelines: boolean;
}

export function resolveRun(request: RunRequest, context: RunContext): ResolvedRun {
  checkFields('request', request, requestFields);
  checkSampling(context.profile);
  const { block, blockPosition } = findBlock(request.block, context.program);
  const layout = blockLayout(block);
  const pinned = layout.filter(({ bank }) => bank.role === 'pinned');
  const free = layout.filter(({ bank }) => bank.role === 'free');
  const images = resolveImages(request.images, context);
  const schedule = resolveSchedule(request, block.schedule, context.profile);
  const inputs = request.inputs ?? {};
  checkKeys(
    'inputs',
    inputs,
    pinned.map(({ bank }) => bank.id),
    'pinned bank',
  );
  for (const { bank, spinCount } of pinned) {
    const spins = inputs[bank.id];
    if (spins !== undefined) checkSpins(`inputs.${bank.id}`, spins, { rows: images.length, spinCount });
  }
  if (typeof request.seed !== 'bigint' || request.seed < 0n || request.seed >= 1n << 64n) {
    throw invalid('seed', request.seed, 'a bigint from 0 to 2^64 - 1');
  }
  checkCallbacks(request, context);
  const gains = resolveGains(request.gains ?? {}, block, context);
  const base = { block, blockPosition, pinned, free, images, inputs, gains, ...schedule };
  return {
    ...base,
    seed: request.seed,
    temperatures: resolveTemperatures(request.temperatures, block, schedule.sweeps, context),
    start: resolveStart(request.start ?? { kind: block.schedule.init }, base, context),
    keep: resolveKeep(request.keep ?? 'nothing', context.profile),
    readouts: resolveReadouts(request.readouts, block, context.profile),
    traced: request.trace !== undefined,
  };
}

const requestFields: Readonly<Record<keyof RunRequest, true>> = {
  block: true,
  images: true,
  inputs: true,
  seed: true,
  sweeps: true,
  burnIn: true,
  stride: true,
  chains: true,
  chainOffset: true,
  sweepOffset: true,
  gains: true,
  temperatures: true,
  start: true,
  keep: true,
  readouts: true,
  signal: true,
  deadlineMs: true,
  onProgress: true,
  trace: true,
  timeline: true,
};

function checkSampling({ dynamics, name }: DeviceProfile): void {
  if (dynamics.kind === 'chromatic-gibbs' || dynamics.kind === 'asynchronous') return;
  throw new UnsupportedError(
    'sampling',
    `device "${name}" is of kind "${dynamics.kind}": it cannot hold a temperature, so it cannot sample`,
  );
}

function findBlock(index: number, program: Program): { block: Block; blockPosition: number } {
  const blocks = program.json.stages.filter((stage) => stage.kind === 'block');
  const blockPosition = blocks.findIndex((block) => block.index === index);
  const block = blocks[blockPosition];
  if (block === undefined) {
    throw invalid(
      'block',
      index,
      `a block index of the program: ${blocks.map((b) => b.index).join(', ') || 'it has none'}`,
    );
  }
  return { block, blockPosition };
}

function resolveImages(images: number | Words, { resultBytesMax }: RunContext): Words {
  if (typeof images === 'number') {
    integerIn('images', images, { min: 1, max: Math.min(2 ** 32, Math.floor(resultBytesMax / 4)) });
    return Uint32Array.from({ length: images }, (_, n) => n);
  }
  checkWords('images', images);
  if (images.length === 0) throw invalid('images.length', 0, 'at least one image');
  return images;
}

type ResolvedSchedule = Pick<
  ResolvedRun,
  'sweeps' | 'burnIn' | 'stride' | 'retained' | 'chains' | 'chainOffset' | 'sweepOffset'
>;

function resolveSchedule(request: RunRequest, schedule: Schedule, profile: DeviceProfile): ResolvedSchedule {
  const sweepOffset = integerIn('sweepOffset', request.sweepOffset ?? 0, { min: 0, max: sweepsEnd - 1 });
  const sweeps = integerIn('sweeps', request.sweeps ?? schedule.sweeps, { min: 1, max: sweepsEnd - sweepOffset });
  const burnIn = integerIn('burnIn', request.burnIn ?? defaultBurnIn(sweeps, schedule), { min: 0, max: sweeps - 1 });
  const stride = integerIn('stride', request.stride ?? schedule.stride, {
    min: profile.readout.strideMin,
    max: sweepsEnd,
  });
  const retained = Math.floor((sweeps - burnIn) / stride);
  if (retained < 1) {
    throw new InvalidRequestError(
      `no sweep is retained: sweeps ${sweeps}, burnIn ${burnIn}, stride ${stride} give K = 0; ` +
        'allowed: burnIn + stride ≤ sweeps',
      { where: 'sweeps' },
    );
  }
  const chainOffset = integerIn('chainOffset', request.chainOffset ?? 0, { min: 0, max: chainsEnd - 1 });
  const chains = integerIn('chains', request.chains ?? schedule.chains, { min: 1, max: chainsEnd - chainOffset });
  if (retained * chains > samplesMax) {
    throw new InvalidRequestError(
      `K · chains is ${retained} · ${chains}; allowed: up to 2^37, so that sums are exact integers in float64`,
      { where: 'sweeps' },
    );
  }
  return { sweeps, burnIn, stride, retained, chains, chainOffset, sweepOffset };
}

/** A program whose burn-in is the default quarter keeps the quarter when the sweeps change. */
function defaultBurnIn(sweeps: number, schedule: Schedule): number {
  return schedule.burnIn === Math.floor(schedule.sweeps / 4) ? Math.floor(sweeps / 4) : schedule.burnIn;
}

function resolveTemperatures(
  temperatures: Words | null | undefined,
  block: Block,
  sweeps: number,
  { profile, resultBytesMax }: RunContext,
): Words | null {
  if (temperatures === undefined && typeof block.schedule.beta !== 'number' && sweeps * 4 > resultBytesMax) {
    throw new InvalidRequestError(
      `the temperatures of ${sweeps} sweeps take ${sweeps * 4} bytes; allowed: ${resultBytesMax} (limits.resultBytesMax)`,
      { where: 'sweeps' },
    );
  }
  const resolved = temperatures === undefined ? scheduleTemperatures(block.schedule, sweeps) : temperatures;
  if (resolved === null) return null;
  checkWords('temperatures', resolved, sweeps);
  const hot = resolved.findIndex((b) => b > fullTemperature);
  if (hot >= 0) throw invalid(`temperatures[${hot}]`, resolved[hot], `0 to ${fullTemperature}`);
  // "No change" in every sweep is what any device does.
  if (resolved.every((b) => b === fullTemperature)) return null;
  if (!profile.features.includes('temperature')) {
    throw new UnsupportedError(
      'temperature',
      `device "${profile.name}" has no temperature schedule; ask for temperatures: null to run at the reference β`,
    );
  }
  return resolved;
}

function checkCallbacks(request: RunRequest, { profile, fillsTimelines }: RunContext): void {
  checkDeadline(request.deadlineMs);
  checkSignal('signal', request.signal);
  checkListener('onProgress', request.onProgress);
  checkListener('trace', request.trace);
  checkTimeline(request.timeline, { offered: fillsTimelines, device: profile.name });
  if (request.trace === undefined) return;
  if (!profile.readout.trace) throw new UnsupportedError('trace', `device "${profile.name}" has no trace`);
}

function resolveKeep(keep: ResolvedRun['keep'], { init, name }: DeviceProfile): ResolvedRun['keep'] {
  oneOf('keep', keep, ['nothing', 'host', 'device']);
  if (keep !== 'device' || init.includes('resume') || init.includes('given')) return keep;
  throw new UnsupportedError(
    'resume',
    `device "${name}" cannot go on from a state: keep it on the host to look at it`,
    {
      where: 'keep',
    },
  );
}

function resolveReadouts(
  requested: readonly ReadoutRequest[] | undefined,
  block: Block,
  profile: DeviceProfile,
): readonly ReadoutRequest[] {
  if (requested === undefined) {
    const own = block.readouts.map(({ bank, observable, tie }) => ({ bank, observable, as: 'both' as const, tie }));
    return resolveReadouts(own, block, profile);
  }
  if (!Array.isArray(requested)) throw invalid('readouts', requested, 'an array');
  return requested.map((readout, n) => {
    const field = `readouts[${n}]`;
    if (typeof readout !== 'object' || readout === null)
      throw invalid(field, readout, 'an object with bank, observable, as, tie');
    const bank = block.banks.find((candidate) => candidate.id === readout.bank);
    if (bank === undefined || bank.role === 'pinned') {
      const free = block.banks.filter((candidate) => candidate.role === 'free').map((candidate) => candidate.id);
      throw invalid(`${field}.bank`, readout.bank, `a free bank of the block: ${free.join(', ')}`);
    }
    const observable = oneOf(`${field}.observable`, readout.observable, observables);
    if (!canRead(observable, profile)) {
      const has = profile.readout.observables.join(', ') || 'no observable';
      throw new UnsupportedError(observable, `device "${profile.name}" cannot read "${observable}": it has ${has}`, {
        where: `${field}.observable`,
      });
    }
    return {
      bank: bank.id,
      observable,
      as: oneOf(`${field}.as`, readout.as, ['sums', 'signs', 'both']),
      tie: oneOf(`${field}.tie`, readout.tie, [1, -1]),
    };
  });
}

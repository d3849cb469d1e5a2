/**
 * Cutting a run into driver calls. Parts are tiles of the rows (image, chain) and independent of each other; segments
 * are stretches of sweeps, each going on from the one before (semantics 2.5). Every draw depends on (seed, image, chain,
 * sweep, spin) alone, so any cut gives the same integers (2.3).
 */
import type { BlockPlan } from '../contract/driver.ts';
import { InvalidRequestError, UnsupportedError } from '../errors/isinglass-error.ts';
import type { DeviceProfile, Limit } from '../profile/device-profile.ts';
import { wordsPerRow } from '../spins/packed-spins.ts';
import type { DeviceState, StateTile } from './device-state.ts';
import type { ResolvedRun } from './resolved-run.ts';

/** Rows (image, chain) of one driver call. */
export interface Part {
  readonly firstImage: number;
  readonly images: number;
  readonly firstChain: number;
  readonly chains: number;
}

/** Sweeps of one driver call; segment n + 1 begins where n ends. */
export interface Segment {
  /** Sweeps of the run done before it. */
  readonly firstSweep: number;
  readonly sweeps: number;
  readonly burnIn: number;
  /** Retained samples of the run before it. */
  readonly firstSample: number;
  readonly samples: number;
}

export interface Split {
  readonly parts: readonly Part[];
  readonly segments: readonly Segment[];
}

export interface SplitContext {
  readonly profile: DeviceProfile;
  readonly plan: BlockPlan;
  /** Bytes on the device that rows in flight may take together. */
  readonly rowBytesMax: number;
  /** Bytes of states that one driver call may bring to the host where sums are counted from states. */
  readonly stateBytesMax: number;
}

export function splitRun(run: ResolvedRun, context: SplitContext): Split {
  const { profile, plan } = context;
  const rowsMax = rowLimit(context);
  const rowsAimed = run.traced ? rowsMax : Math.max(1, Math.min(rowsMax, plan.rowsPreferred));
  const samplesMax = counterSamples(run, profile);
  const stateRows = statesPerCall(run, context);
  const canGoOn = profile.init.includes('resume') || profile.init.includes('given');

  let chains = Math.min(run.chains, rowsAimed, upTo(profile.batch.chainsMax));
  if (run.retained <= samplesMax) chains = Math.min(chains, Math.floor(samplesMax / run.retained));
  // Sweeps must be cut as well: leave segments long enough to be worth a call.
  else chains = Math.min(chains, Math.max(1, Math.floor(samplesMax / 1024)));
  let images = Math.min(run.images.length, upTo(profile.batch.imagesMax), Math.max(1, Math.floor(rowsAimed / chains)));
  let samples = Math.min(run.retained, Math.floor(samplesMax / chains));
  if (samples * images * chains > stateRows) {
    if (canGoOn) samples = Math.max(1, Math.min(samples, Math.floor(stateRows / (images * chains))));
    else images = Math.max(1, Math.min(images, Math.floor(stateRows / (samples * chains))));
  }
  if (samples < run.retained && !canGoOn) {
    throw new UnsupportedError(
      'given',
      `K = ${run.retained} retained sweeps exceed the ${samples} that one call to device "${profile.name}" can sum, ` +
        'and it cannot go on from a state: ask for fewer sweeps or a larger stride',
      { where: 'sweeps' },
    );
  }
  const split = { parts: tiles(run, images, chains), segments: segments(run, samples) };
  if (run.traced && split.parts.length * split.segments.length > 1) {
    throw new InvalidRequestError(
      `trace needs a run that is one driver call; this one is ${split.parts.length} parts of ${images} images and ` +
        `${chains} chains, and ${split.segments.length} segments of ${samples} samples; ask for fewer images, chains or sweeps`,
      { where: 'trace' },
    );
  }
  return split;
}

/** Rows of one call that the plan, the profile and the memory on the device allow. */
function rowLimit({ profile, plan, rowBytesMax }: SplitContext): number {
  const inMemory = Math.floor(rowBytesMax / (profile.batch.inFlight * Math.max(1, plan.bytesPerRow)));
  return Math.max(1, Math.min(plan.rowsMax, upTo(profile.batch.rowsMax), inMemory));
}

/** An unstated limit does not bind: the driver's plan has the last word. */
function upTo(limit: Limit): number {
  return typeof limit === 'number' ? limit : Number.POSITIVE_INFINITY;
}

/** The largest K · chains of one call whose sums fit int32 and the device's counters (semantics 2.4). */
function counterSamples(run: ResolvedRun, profile: DeviceProfile): number {
  const counter = 2 ** (Math.min(32, upTo(profile.readout.counterBits)) - 1) - 1;
  let samples = Number.POSITIVE_INFINITY;
  for (const { observable } of run.readouts) {
    if (observable === 'state' || !profile.readout.observables.includes(observable)) continue;
    samples = Math.min(samples, observable === 'spin-sum' ? counter : Math.floor(counter / 65536));
  }
  if (samples >= 1) return samples;
  throw new UnsupportedError(
    'conditional-sum',
    `device "${profile.name}" has counters of ${profile.readout.counterBits} bits: too few for one conditional-sum`,
  );
}

/** States (rows · samples) of one call where sums are counted from them. */
function statesPerCall(run: ResolvedRun, { profile, stateBytesMax }: SplitContext): number {
  let bytes = 0;
  for (const { bank, observable } of run.readouts) {
    if (observable !== 'spin-sum' || profile.readout.observables.includes('spin-sum')) continue;
    const spinCount = run.free.find((layout) => layout.bank.id === bank)?.spinCount ?? 0;
    bytes += 4 * wordsPerRow(spinCount);
  }
  return bytes === 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(stateBytesMax / bytes));
}

/** The burn-in goes to the first segment, the sweeps after the last sample to the last. */
function segments(run: ResolvedRun, samplesMax: number): readonly Segment[] {
  const out: Segment[] = [];
  let firstSweep = 0;
  for (let firstSample = 0; firstSample < run.retained; firstSample += samplesMax) {
    const samples = Math.min(samplesMax, run.retained - firstSample);
    const burnIn = firstSample === 0 ? run.burnIn : 0;
    const last = firstSample + samples === run.retained;
    const sweeps = last ? run.sweeps - firstSweep : burnIn + samples * run.stride;
    out.push({ firstSweep, sweeps, burnIn, firstSample, samples });
    firstSweep += sweeps;
  }
  return out;
}

/** Tiles of at most images × chains; a resumed run's tiles each lie in one tile of the state it goes on from. */
function tiles(run: ResolvedRun, images: number, chains: number): readonly Part[] {
  const whole = { firstImage: 0, images: run.images.length, firstChain: 0, chains: run.chains };
  const areas = run.start.kind === 'resume' ? stateAreas(run, run.start.state, run.start.rows) : [whole];
  const parts: Part[] = [];
  for (const area of areas) {
    for (let i = 0; i < area.images; i += images) {
      for (let c = 0; c < area.chains; c += chains) {
        parts.push({
          firstImage: area.firstImage + i,
          images: Math.min(images, area.images - i),
          firstChain: area.firstChain + c,
          chains: Math.min(chains, area.chains - c),
        });
      }
    }
  }
  return parts;
}

/** The largest runs of images whose chains come from the same tiles. */
function stateAreas(run: ResolvedRun, state: DeviceState, rows: Uint32Array): readonly Part[] {
  const areas: Part[] = [];
  let open: { tile: StateTile; firstChain: number; chains: number }[] = [];
  let firstImage = 0;
  const close = (end: number): void => {
    for (const { firstChain, chains } of open) areas.push({ firstImage, images: end - firstImage, firstChain, chains });
  };
  for (let image = 0; image < run.images.length; image++) {
    const stretches: typeof open = [];
    for (let chain = 0; chain < run.chains; chain++) {
      const { tile } = state.find(rows[image * run.chains + chain] as number);
      const current = stretches.at(-1);
      if (current?.tile === tile) current.chains++;
      else stretches.push({ tile, firstChain: chain, chains: 1 });
    }
    const same =
      stretches.length === open.length &&
      stretches.every((s, n) => s.tile === open[n]?.tile && s.firstChain === open[n]?.firstChain);
    if (same) continue;
    close(image);
    open = stretches;
    firstImage = image;
  }
  close(run.images.length);
  return areas;
}

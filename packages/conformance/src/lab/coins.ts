/** Spins without field or coupling: every sweep tosses them anew, so that a device shows its random bits and nothing else. */
import type { DeviceProfile } from '@isinglass/sdk';
import { TooFewSamples } from '../checks/check.ts';
import { coinProbe, gridProbe } from '../probes/graphs.ts';
import type { Probe } from '../probes/probe.ts';
import type { RandomStream } from '../random/random-stream.ts';
import type { Lab } from './lab.ts';
import type { LoadedProbe, ProbeRun } from './loaded-probe.ts';
import type { SpinRows } from './probe-view.ts';
import { uniformStart } from './uniform-start.ts';

/** `wanted` coins of both colors, or as many as the device holds, in a disguise of `random`. */
export function loadCoins(lab: Lab, wanted: number, random: RandomStream): Promise<LoadedProbe> {
  return lab.loadProbe(coloredCoins(lab.profile, coinsWithin(lab.profile, wanted)), random);
}

/** Too weak for any update to notice: field units of the fixed law round to 0 (semantics 4.3), and 4 of them are 4·10⁻⁶ k_B·T. */
const unnoticed = 1e-6;

/** A grid of couplings and fields, smaller where the device holds less than `rows × columns` spins; spins with fields alone where it has one color. */
export function gridWithin(profile: DeviceProfile, rows: number, columns: number, random: RandomStream): Probe {
  const held = coinsWithin(profile, rows * columns);
  const height = Math.min(rows, Math.floor(Math.sqrt(held)));
  const grid = gridProbe(height, Math.min(columns, Math.floor(held / height)), random);
  return hasOneColor(profile) ? { ...grid, colors: grid.colors.map(() => 0 as const), edges: [] } : grid;
}

/**
 * Coins on a grid of couplings that are too weak to matter: neighbours share wires, so that crosstalk and shared random numbers show between
 * them. Devices with one color get plain coins.
 */
export function loadGridCoins(lab: Lab, side: number, random: RandomStream): Promise<LoadedProbe> {
  const fitting = Math.min(side, Math.floor(Math.sqrt(coinsWithin(lab.profile, side * side))));
  const plain = coloredCoins(lab.profile, fitting * fitting);
  if (new Set(plain.colors).size < 2) return lab.loadProbe(plain, random);
  const grid = gridProbe(fitting, fitting, random.fork('grid'));
  return lab.loadProbe({ ...grid, scale: unnoticed / 14, fields: plain.fields }, random);
}

function coinsWithin({ spins }: DeviceProfile, wanted: number): number {
  return typeof spins.max === 'number' ? Math.min(spins.max, wanted) : wanted;
}

export function hasOneColor({ dynamics }: DeviceProfile): boolean {
  return dynamics.kind === 'chromatic-gibbs' && dynamics.colorsMax === 1;
}

function coloredCoins(profile: DeviceProfile, count: number): Probe {
  const oneColor = hasOneColor(profile);
  const probe = coinProbe(count);
  return { ...probe, colors: probe.colors.map((_, n) => (oneColor ? 0 : ((n & 1) as 0 | 1))) };
}

/** Whether states of many samples of a run are shown, row by row: by trace, or by `state`. */
export function showsHistory({ readout }: DeviceProfile): boolean {
  return readout.trace || readout.observables.includes('state');
}

/** Tosses of one run in the order of the probe. */
export interface Tosses {
  readonly spins: number;
  readonly rows: number;
  readonly samples: number;
  /** 0 or 1, by sample, row, spin. */
  readonly bits: Uint8Array;
}

export interface TossRun {
  readonly images: number | readonly number[];
  readonly chains?: number;
  readonly chainOffset?: number;
  readonly sweepOffset?: number;
  readonly samples: number;
  readonly seed: bigint;
}

/**
 * `samples` consecutive samples of every row: each sweep of a trace, else each retained state (a stride apart where the device asks for one); on
 * devices in continuous time so far apart that every spin was tossed between. Devices
 * that show neither give one sample only, by a sum. Throws TooFewSamples where not even that is shown, or where more is asked for.
 */
export async function tosses(coins: LoadedProbe, o: TossRun, random: RandomStream): Promise<Tosses> {
  const { readout } = coins.lab.profile;
  const { samples, images, chains = 1 } = o;
  const rows = (typeof images === 'number' ? images : images.length) * chains;
  const bits = new Uint8Array(samples * rows * coins.spins);
  const put = (sample: number, { values }: SpinRows): void => {
    const first = sample * rows * coins.spins;
    for (let n = 0; n < values.length; n++) bits[first + n] = (values[n] as number) > 0 ? 1 : 0;
  };
  const spacing = spacingOf(coins.lab.profile);
  const stride = readout.strideMin;
  const run = { ...o, stride, start: startOf(coins, rows, random) } satisfies Partial<ProbeRun>;
  if (readout.trace) {
    const sweeps = Math.max(samples * spacing, stride);
    const trace = (sweep: number, states: SpinRows): void => {
      const sample = sweep / spacing;
      if (sample >= 1 && sample <= samples && Number.isInteger(sample)) put(sample - 1, states);
    };
    await coins.run({ ...run, sweeps, burnIn: sweeps - stride, trace });
  } else if (readout.observables.includes('state')) {
    const apart = Math.max(stride, spacing);
    const result = await coins.run({ ...run, stride: apart, sweeps: samples * apart, observable: 'state' });
    for (let k = 0; k < samples; k++) put(k, coins.statesOf(result, rows, k, samples));
  } else if (samples === 1) {
    const { last = {} } = await coins.run({ ...run, sweeps: Math.max(stride, spacing), keep: 'host' });
    put(0, coins.fromBanks(last));
  } else {
    throw new TooFewSamples('the device shows no more than one sample of a run, row by row');
  }
  return { spins: coins.spins, rows, samples, bits };
}

/** In continuous time a spin has gone without an update for so many sweeps with probability e^−24. */
function spacingOf({ dynamics }: DeviceProfile): number {
  return dynamics.kind === 'chromatic-gibbs' ? 1 : 24;
}

/** Fair, though the first toss forgets it; feed-forward where the device has nothing else. */
function startOf(coins: LoadedProbe, rows: number, random: RandomStream): NonNullable<ProbeRun['start']> {
  const { init } = coins.lab.profile;
  const fair = init.includes('random') || init.includes('given');
  return fair ? uniformStart(coins, rows, random) : 'feed-forward';
}

/** As many as wanted, within the limits of the profile. */
export function rowsWithin({ batch }: DeviceProfile, wanted: { readonly images: number; readonly chains: number }) {
  const within = (limit: DeviceProfile['batch']['rowsMax'], n: number): number =>
    typeof limit === 'number' ? Math.min(limit, n) : n;
  const chains = within(batch.rowsMax, within(batch.chainsMax, wanted.chains));
  const rows = within(batch.rowsMax, Number.POSITIVE_INFINITY);
  const images = Math.max(1, Math.min(Math.floor(rows / chains), within(batch.imagesMax, wanted.images)));
  return { images, chains };
}

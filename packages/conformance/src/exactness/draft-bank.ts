/** Banks of a random program before they are written down: shapes that convolutions join, roles, colors. */
import { convOutputSize, type DeviceProfile } from '@isinglass/sdk';
import type { RandomStream } from '../random/random-stream.ts';

export interface DraftBank {
  readonly id: string;
  readonly shape: readonly number[];
  readonly spins: number;
  /** One per spin; null: pinned. */
  readonly colors: readonly number[] | null;
  /** Whether the colors are written as a map. */
  readonly mapped: boolean;
}

/** One spatial axis of a convolution (semantics 3.4). */
export interface AxisGeometry {
  readonly taps: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padBegin: number;
  readonly padEnd: number;
}

/** A convolution of bank `from` whose output has exactly the shape of bank `to`; numbers are places in the list of banks. */
export interface ConvLink {
  readonly from: number;
  readonly to: number;
  readonly axes: readonly AxisGeometry[];
  readonly groups: number;
}

export interface DraftBanks {
  readonly banks: readonly DraftBank[];
  readonly links: readonly ConvLink[];
}

/** Two to five banks of at most `spinsMax` spins together; at least one is free. */
export function randomBanks(random: RandomStream, profile: DeviceProfile, spinsMax: number): DraftBanks {
  const conv = profile.couplings.forms.includes('conv') && profile.features.includes('conv');
  const shapes: (readonly number[])[] = [];
  const links: ConvLink[] = [];
  let room = spinsMax;
  for (let wanted = random.integer(2, 5); wanted > 0 && room > 0; wanted--) {
    const size = wanted === 1 ? room : random.integer(Math.min(room, 2), Math.max(1, Math.ceil((2 * room) / wanted)));
    const grown = conv && random.chance(0.5) ? randomLink(random, shapes, size) : null;
    const shape = grown?.shape ?? similarShape(random, shapes, size) ?? randomShape(random, size);
    if (grown !== null) links.push({ ...grown.link, to: shapes.length });
    shapes.push(shape);
    room -= sizeOf(shape);
  }
  const pinned = shapes.map(() => random.chance(0.3));
  pinned[random.integer(0, shapes.length - 1)] = false;
  const palette = paletteOf(random, profile);
  let next = 0;
  const banks = shapes.map((shape, n): DraftBank => {
    const spins = sizeOf(shape);
    const bank = { id: `${pinned[n] ? 'x' : 's'}${n}`, shape, spins, mapped: false };
    if (pinned[n]) return { ...bank, colors: null };
    if (palette.length > 1 && profile.features.includes('color-map') && random.chance(0.3)) {
      const some = random.shuffled(palette).slice(0, random.integer(2, 4));
      return { ...bank, mapped: true, colors: Array.from({ length: spins }, () => random.pick(some)) };
    }
    const color = random.chance(0.8) ? palette[next++ % palette.length] : random.pick(palette);
    return { ...bank, colors: new Array<number>(spins).fill(color as number) };
  });
  return { banks, links };
}

function paletteOf(random: RandomStream, { dynamics }: DeviceProfile): readonly number[] {
  const limit = dynamics.kind === 'chromatic-gibbs' ? dynamics.colorsMax : 'unlimited';
  const most = typeof limit === 'number' ? Math.max(1, Math.min(6, limit)) : 6;
  return random.shuffled([0, 1, 2, 3, 77, 65535]).slice(0, random.integer(Math.min(2, most), most));
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** Rank 1 to 3, sizes mostly no multiples of 8 or 32. */
function randomShape(random: RandomStream, size: number): readonly number[] {
  const rank = size < 4 ? random.pick([1, 2]) : random.pick([1, 2, 3, 3]);
  if (rank === 1) return [size];
  const side = Math.max(1, Math.floor(rank === 2 ? size / 2 : Math.sqrt(size / 2)));
  const spatial = Array.from({ length: rank - 1 }, () => random.integer(1, Math.min(side, 9)));
  return [random.integer(1, Math.max(1, Math.min(6, Math.floor(size / sizeOf(spatial))))), ...spatial];
}

/** A shape that is there already, as diagonal couplings need. */
function similarShape(random: RandomStream, shapes: readonly (readonly number[])[], size: number) {
  const small = shapes.filter((shape) => sizeOf(shape) <= size);
  return small.length > 0 && random.chance(0.3) ? random.pick(small) : null;
}

/** A convolution of one of the shapes, and the shape of its output. */
function randomLink(random: RandomStream, shapes: readonly (readonly number[])[], size: number) {
  const sources = [...shapes.keys()].filter((n) => (shapes[n]?.length ?? 0) >= 2);
  if (sources.length === 0) return null;
  const from = random.pick(sources);
  const [inputChannels = 1, ...sizes] = shapes[from] as readonly number[];
  const axes: AxisGeometry[] = [];
  const spatial: number[] = [];
  for (const inputSize of sizes) {
    const axis = randomAxis(random);
    const outputSize = convOutputSize({ inputSize, ...axis });
    if (outputSize < 1) return null;
    axes.push(axis);
    spatial.push(outputSize);
  }
  const groups = random.pick(divisorsOf(inputChannels));
  const perGroup = Math.floor(size / (sizeOf(spatial) * groups));
  if (perGroup < 1) return null;
  const shape = [groups * random.integer(1, Math.min(3, perGroup)), ...spatial];
  return { shape, link: { from, axes, groups } };
}

function randomAxis(random: RandomStream): AxisGeometry {
  return {
    taps: random.integer(1, 4),
    stride: random.pick([1, 1, 2, 3]),
    dilation: random.pick([1, 1, 2, 3]),
    padBegin: random.pick([0, 0, 1, 2, 3]),
    padEnd: random.pick([0, 0, 1, 2, 3]),
  };
}

/** A convolution between two given shapes, if a few tries find one. */
export function linkBetween(
  random: RandomStream,
  from: readonly number[],
  to: readonly number[],
): Pick<ConvLink, 'axes' | 'groups'> | null {
  if (from.length !== to.length || from.length < 2) return null;
  const axes: AxisGeometry[] = [];
  for (let axis = 1; axis < from.length; axis++) {
    const fitting = Array.from({ length: 40 }, () => randomAxis(random)).find(
      (each) => convOutputSize({ inputSize: from[axis] as number, ...each }) === to[axis],
    );
    if (fitting === undefined) return null;
    axes.push(fitting);
  }
  const groups = random.pick(divisorsOf(from[0] as number).filter((n) => (to[0] as number) % n === 0));
  return { axes, groups };
}

function divisorsOf(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1).filter((d) => n % d === 0);
}

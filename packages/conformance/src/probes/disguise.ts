/**
 * How a probe is put before a device: the order of spins within a color, the sign of every spin (s → εs, J → εεJ, h → εh), and the form of its
 * couplings, all at random. Results are mapped back, so checks see their probe and devices never see the same program twice.
 */
import type { CouplingForm, DeviceProfile } from '@isinglass/sdk';
import type { RandomStream } from '../random/random-stream.ts';
import type { Probe } from './probe.ts';

export interface Disguise {
  /** `banks`: a bank for each color; `one-bank`: one bank with a color map, coupled with itself. */
  readonly layout: 'banks' | 'one-bank';
  /** Form of the couplings between banks; one-bank layouts are sparse. */
  readonly form: Extract<CouplingForm['kind'], 'conv' | 'dense' | 'sparse'>;
  /** Index in its bank of every free spin, and of every pinned one. */
  readonly place: readonly number[];
  readonly pinnedPlace: readonly number[];
  /** ε of every free and pinned spin. */
  readonly sign: readonly (1 | -1)[];
  readonly pinnedSign: readonly (1 | -1)[];
}

/** No disguise: the order of the probe, all signs +1. */
export function undisguised(probe: Probe, { layout, form }: Pick<Disguise, 'layout' | 'form'>): Disguise {
  return {
    layout,
    form,
    place: placesIn(probe, layout, [...probe.colors.keys()]),
    pinnedPlace: Array.from({ length: probe.pinned }, (_, n) => n),
    sign: probe.colors.map(() => 1),
    pinnedSign: Array<1>(probe.pinned).fill(1),
  };
}

/** A disguise that the profile can take. */
export function randomDisguise(probe: Probe, profile: DeviceProfile, random: RandomStream): Disguise {
  return disguiseAs(probe, random.pick(layoutsOf(profile)), random);
}

/** Random order and signs in a layout and form that is given. */
export function disguiseAs(
  probe: Probe,
  { layout, form }: Pick<Disguise, 'layout' | 'form'>,
  random: RandomStream,
): Disguise {
  const order = random.shuffled([...probe.colors.keys()]);
  return {
    layout,
    form,
    place: placesIn(probe, layout, order),
    pinnedPlace: random.shuffled(Array.from({ length: probe.pinned }, (_, n) => n)),
    sign: probe.colors.map(() => random.sign()),
    pinnedSign: Array.from({ length: probe.pinned }, () => random.sign()),
  };
}

/** The layouts and forms that a profile allows; never empty for profiles that satisfy the need `single-spin`. */
export function layoutsOf({
  features,
  couplings,
  weights,
}: DeviceProfile): readonly Pick<Disguise, 'layout' | 'form'>[] {
  const declared = (['dense', 'sparse', 'conv'] as const).filter(
    (form) => couplings.forms.includes(form) && features.includes(form),
  );
  // Dense matrices of sparse graphs are full of zeros, which such a device cannot hold.
  const holdsZero = weights.levels === null || weights.levels.includes(0);
  const forms = holdsZero || !declared.includes('sparse') ? declared : declared.filter((form) => form === 'sparse');
  const between = forms.map((form) => ({ layout: 'banks' as const, form }));
  const within = forms.includes('sparse') && features.includes('color-map');
  return within ? [...between, { layout: 'one-bank', form: 'sparse' }] : between;
}

/** Index of every spin in its bank, when banks are filled in this order. */
function placesIn({ colors }: Probe, layout: Disguise['layout'], order: readonly number[]): number[] {
  const place = new Array<number>(colors.length).fill(0);
  const next = [0, 0];
  for (const spin of order) {
    const bank = layout === 'one-bank' ? 0 : (colors[spin] as number);
    place[spin] = next[bank] as number;
    next[bank] = (next[bank] as number) + 1;
  }
  return place;
}

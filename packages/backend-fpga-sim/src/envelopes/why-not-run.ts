/** What can honestly be run on an envelope, and what is refused. */
import { UnsupportedError } from '@isinglass/sdk';
import type { Envelope, Family } from './envelope.ts';

const instead = 'try: fpga-sim:toy or fpga-sim:conv-m, which are emulated, or cpu';

const reasons: Readonly<Record<Exclude<Family, 'analog-p-bit'>, { readonly feature: string; readonly text: string }>> =
  {
    annealer: {
      feature: 'sampling',
      text: 'an annealer does not hold a temperature: its states are not samples at one',
    },
    'digital-annealer': { feature: 'sampling', text: 'it returns low-energy states, of no stated distribution' },
    'cmos-annealer': { feature: 'sampling', text: 'it anneals: its states are not samples at one temperature' },
    bifurcation: { feature: 'sampling', text: 'it searches low energies by bifurcation: it has no temperature' },
    'coherent-ising': { feature: 'sampling', text: 'it searches low energies optically: it holds no temperature' },
    oscillator: { feature: 'sampling', text: 'oscillators lock into low energies: they hold no temperature' },
    'digital-p-bit': {
      feature: 'emulation',
      text: 'its number formats and random numbers are not published, so that its bits cannot be emulated; only its cost can be estimated',
    },
    gpu: {
      feature: 'emulation',
      text: 'its published figure is for one model with shared couplings; only its cost can be estimated',
    },
  };

/**
 * Why programs do not run on an envelope, as the error that they are refused with, or null: an analog p-bit machine is a sampler at a fixed temperature, which
 * runs as `programAsHeld` has it, within no stated tolerance.
 */
export function whyNotRun({ id, family }: Pick<Envelope, 'id' | 'family'>): UnsupportedError | null {
  if (family === 'analog-p-bit') return null;
  const { feature, text } = reasons[family];
  return new UnsupportedError(feature, `fpga-sim:${id}: ${text}; ${instead}`, { where: 'uri' });
}

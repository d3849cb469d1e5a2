/** On which kernels a generated program runs, and how its work is cut: by seed, so that a program that fails is named by its seed. */
import { Dice } from '@isinglass/sdk/testing';
import { type PieceCut, pieceCutNames } from './piece-cuts.ts';

export const kinds = ['packed products', 'plane products', 'many sweeps in a dispatch'] as const;

export interface WayToRun {
  /** Options of the device: products, fuse, workgroup. */
  readonly uri: string;
  readonly cut: PieceCut | 'as usual';
}

/** The two ways to multiply go color by color: dispatches of many sweeps multiply for inputs only. */
export function wayToRun(seed: number, kind: (typeof kinds)[number]): WayToRun {
  const dice = new Dice(seed, 41 + kinds.indexOf(kind));
  // Mostly the usual one: every size has its pipelines compiled anew.
  const workgroup = dice.pick([32, 64, 64, 64, 128, 256]);
  const cut = dice.chance(0.3) ? 'as usual' : dice.pick(pieceCutNames);
  const products = kind === 'packed products' || (kind !== 'plane products' && dice.chance(0.5)) ? 'packed' : 'planes';
  const fuse = kind === 'many sweeps in a dispatch' ? 'small' : 'nothing';
  return { uri: `webgpu?products=${products}&fuse=${fuse}&workgroup=${workgroup}`, cut };
}

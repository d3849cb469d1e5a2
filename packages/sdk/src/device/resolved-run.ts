/** A request with everything that it left out, checked: what the rest of the device works on. */
import type { ReadoutRequest, Start } from '../contract/driver.ts';
import type { BankLayout } from '../program/block-layout.ts';
import type { Block } from '../program/program-json.ts';
import type { PackedSpins, Words } from '../spins/packed-spins.ts';
import type { DeviceState } from './device-state.ts';

export interface ResolvedRun {
  readonly block: Block;
  /** Among the program's blocks: the index into `Plan.blocks`. */
  readonly blockPosition: number;
  readonly pinned: readonly BankLayout[];
  readonly free: readonly BankLayout[];
  readonly images: Words;
  readonly inputs: Readonly<Record<string, PackedSpins>>;
  readonly seed: bigint;
  readonly sweeps: number;
  readonly burnIn: number;
  readonly stride: number;
  /** K, per chain. */
  readonly retained: number;
  readonly chains: number;
  readonly chainOffset: number;
  readonly sweepOffset: number;
  /** Every runtime gain. */
  readonly gains: Readonly<Record<string, number>>;
  readonly temperatures: Words | null;
  readonly start: ResolvedStart;
  readonly keep: 'nothing' | 'host' | 'device';
  readonly readouts: readonly ReadoutRequest[];
  readonly traced: boolean;
}

export type ResolvedStart =
  | Exclude<Start, { readonly kind: 'resume' }>
  | { readonly kind: 'resume'; readonly state: DeviceState; readonly rows: Words };

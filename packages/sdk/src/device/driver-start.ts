/**
 * How a driver call begins: as the run asks where the device can, else from states that the host makes (semantics 1.6).
 * Drawn only when the call is about to start, for its own rows.
 */
import type { Start } from '../contract/driver.ts';
import { blockAndChain, philox4x32, philoxKey, spinDraw } from '../law/philox.ts';
import type { DeviceProfile } from '../profile/device-profile.ts';
import { blockLayout } from '../program/block-layout.ts';
import type { Program } from '../program/program.ts';
import { feedForwardStates } from '../reference/feed-forward-states.ts';
import { emptySpins, type PackedSpins, wordsPerRow } from '../spins/packed-spins.ts';
import { isHandle } from './device-state.ts';
import type { ResolvedRun } from './resolved-run.ts';
import { gatherRows } from './spin-rows.ts';
import type { Part } from './split-run.ts';

type States = Readonly<Record<string, PackedSpins>>;

export interface StartContext {
  readonly program: Program;
  readonly profile: DeviceProfile;
  /** The part's own images and pinned spins. */
  readonly images: Uint32Array;
  readonly inputs: States;
}

export function driverStart(run: ResolvedRun, part: Part, context: StartContext): Start {
  const { start } = run;
  const has = context.profile.init;
  const rows = part.images * part.chains;
  /** The row of the run that a row of the part is. */
  const runRow = (row: number): number =>
    (part.firstImage + Math.floor(row / part.chains)) * run.chains + part.firstChain + (row % part.chains);
  switch (start.kind) {
    case 'random':
      return has.includes('random') ? start : { kind: 'given', states: randomStates(run, part) };
    case 'feed-forward':
      return has.includes('feed-forward') ? start : { kind: 'given', states: feedForwardGiven(run, part, context) };
    case 'given':
      return { kind: 'given', states: eachBank(run, (id) => gatherRows(bankOf(start.states, id), rows, runRow)) };
    case 'resume': {
      const places = Array.from({ length: rows }, (_, row) => start.state.find(start.rows[runRow(row)] as number));
      const held = places[0]?.tile.held;
      if (held !== undefined && isHandle(held)) {
        return { kind: 'resume', handle: held, rows: Uint32Array.from(places, (place) => place.row) };
      }
      const states = eachBank(run, (id) =>
        gatherRows(bankOf((held ?? {}) as States, id), rows, (row) => places[row]?.row ?? 0),
      );
      return { kind: 'given', states };
    }
    default:
      return start satisfies never;
  }
}

function eachBank(run: ResolvedRun, states: (id: string) => PackedSpins): States {
  return Object.fromEntries(run.free.map(({ bank }) => [bank.id, states(bank.id)]));
}

function bankOf(states: States, id: string): PackedSpins {
  const spins = states[id];
  if (spins === undefined) throw new RangeError(`no state of bank ${id}`);
  return spins;
}

/** Semantics 4.8: the same in every chain. */
function feedForwardGiven(run: ResolvedRun, part: Part, { program, images, inputs }: StartContext): States {
  const states = feedForwardStates(program, run.block, { gains: run.gains, inputs, images: images.length });
  return eachBank(run, (id) =>
    gatherRows(bankOf(states, id), part.images * part.chains, (row) => Math.floor(row / part.chains)),
  );
}

/** Semantics 5.4: fair coins at counter word c1 = 0. */
function randomStates(run: ResolvedRun, part: Part): States {
  const offsets = new Map(blockLayout(run.block).map(({ bank, offset }) => [bank.id, offset]));
  const [k0, k1] = philoxKey(run.seed);
  const draws = new Uint32Array(4);
  return Object.fromEntries(
    run.free.map(({ bank, spinCount }) => {
      const spins = emptySpins(part.images * part.chains, spinCount);
      const width = wordsPerRow(spinCount);
      const offset = offsets.get(bank.id) ?? 0;
      for (let row = 0; row < spins.rows; row++) {
        const image = run.images[part.firstImage + Math.floor(row / part.chains)] as number;
        const chain = run.chainOffset + part.firstChain + (row % part.chains);
        for (let i = 0; i < spinCount; i++) {
          const spin = offset + i;
          if ((spin & 7) === 0) philox4x32(spin >>> 3, 0, image, blockAndChain(run.block.index, chain), k0, k1, draws);
          if (spinDraw(draws, spin) < 32768) {
            const w = row * width + (i >>> 5);
            spins.words[w] = (spins.words[w] as number) | (1 << (i & 31));
          }
        }
      }
      return [bank.id, spins];
    }),
  );
}

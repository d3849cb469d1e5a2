/** Which slots of which banks a color updates. */
import type { Block, Program } from '@isinglass/sdk';
import { type BankLanes, spinOfSlot } from '../bank-lanes.ts';

export interface ColorPart {
  readonly color: number;
  readonly bank: number;
  /** Counts the parts of a bank, in order. */
  readonly index: number;
  /** All spins of the bank have the color. */
  readonly whole: boolean;
  /** Slots, rising, without padding. */
  readonly slots: Uint32Array;
}

export function colorParts(program: Program, block: Block, lanes: readonly BankLanes[]): ColorPart[] {
  return lanes.flatMap((own, bank): ColorPart[] => {
    const description = block.banks[bank];
    if (!own.free || description?.role !== 'free') return [];
    const { color, colorMap } = description;
    if (color !== undefined) return [{ color, bank, index: 0, whole: true, slots: slotsOf(own) }];
    const map = program.tensors.get(colorMap?.tensor ?? '')?.data as Uint16Array;
    const ofColor = new Map<number, number[]>();
    for (let slot = 0; slot < own.slots; slot++) {
      const spin = spinOfSlot(own, slot);
      if (spin < 0) continue;
      const listed = map[spin] as number;
      const slots = ofColor.get(listed);
      if (slots === undefined) ofColor.set(listed, [slot]);
      else slots.push(slot);
    }
    return [...ofColor].map(([listed, slots], index) => ({
      color: listed,
      bank,
      index,
      whole: false,
      slots: Uint32Array.from(slots),
    }));
  });
}

/** A byte per slot, 0xFF for these; null when they are all there are. */
export function chosenBytes({ slots: count }: BankLanes, { slots }: ColorPart): Uint8Array | null {
  if (slots.length === count) return null;
  const chosen = new Uint8Array(count);
  for (const slot of slots) chosen[slot] = 0xff;
  return chosen;
}

function slotsOf(lanes: BankLanes): Uint32Array {
  const slots = new Uint32Array(lanes.spinCount);
  let at = 0;
  for (let slot = 0; slot < lanes.slots; slot++) if (spinOfSlot(lanes, slot) >= 0) slots[at++] = slot;
  return slots;
}

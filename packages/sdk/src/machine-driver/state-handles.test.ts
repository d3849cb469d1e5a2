import { expect, test } from 'vitest';
import { isIsinglassError } from '../errors/isinglass-error.ts';
import type { KeptState } from './block-machine.ts';
import { StateHandles } from './state-handles.ts';

function state(block = 3): KeptState & { readonly ended: () => number } {
  let ended = 0;
  return { block, rows: 1, last: {}, end: () => void ended++, ended: () => ended };
}

const codeOf = (action: () => unknown): string => {
  try {
    action();
  } catch (e) {
    if (isIsinglassError(e)) return e.code;
    throw e;
  }
  return 'accepted';
};

test('a state ends once, when its handle is released, however often', () => {
  const handles = new StateHandles();
  const kept = state();
  const handle = handles.add(kept);
  expect(kept.ended()).toBe(0);
  handle.release();
  handle.release();
  handles.releaseAll();
  expect(kept.ended()).toBe(1);
});

test('a released state lives until the runs that go on from it have settled', () => {
  const handles = new StateHandles();
  const kept = state();
  const handle = handles.add(kept);
  const first = handles.borrow(handle, 3);
  const second = handles.borrow(handle, 3);
  handle.release();
  first.giveBack();
  expect(kept.ended()).toBe(0);
  second.giveBack();
  expect(kept.ended()).toBe(1);
});

test('a state that was borrowed and not released stays', () => {
  const handles = new StateHandles();
  const kept = state();
  const handle = handles.add(kept);
  handles.borrow(handle, 3).giveBack();
  expect(kept.ended()).toBe(0);
  expect(handles.borrow(handle, 3).state).toBe(kept);
});

test('releaseAll ends every state that nobody goes on from', () => {
  const handles = new StateHandles();
  const states = [state(), state(), state()];
  for (const kept of states) handles.add(kept);
  handles.releaseAll();
  expect(states.map((kept) => kept.ended())).toEqual([1, 1, 1]);
});

test('a released handle, and one of another block, are refused', () => {
  const handles = new StateHandles();
  const handle = handles.add(state(3));
  expect(codeOf(() => handles.borrow(handle, 3))).toBe('accepted');
  expect(codeOf(() => handles.borrow(handle, 4))).toBe('invalid-request');
  handle.release();
  expect(codeOf(() => handles.borrow(handle, 3))).toBe('device-closed');
});

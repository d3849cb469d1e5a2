import { expect, test } from 'vitest';
import { JobControl } from './job-control.ts';

test('who waits at a barrier leaves when the run is stopped; who comes later does not wait', () => {
  const buffer = new SharedArrayBuffer(64);
  const control = new JobControl(buffer, 16);
  expect(control.meet(1)).toBe(true);
  control.stop();
  expect(new JobControl(buffer, 16).stopped).toBe(true);
  // Nobody else will ever come.
  expect(control.meet(2)).toBe(false);
  expect(control.meet(1)).toBe(false);
});

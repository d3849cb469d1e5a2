import { expect, it } from 'vitest';
import { checkLabels } from './read-labels.ts';

it('labels are classes that the program tells apart: the first and the last, not the one after', () => {
  checkLabels([0, 9, 3], 10, 'labels.idx');
  expect(() => checkLabels([0, 3, 10], 10, 'labels.idx')).toThrow(/labels\.idx has the label 10 at image 2.*0 to 9/);
  expect(() => checkLabels([-1], 10, 'labels.idx')).toThrow(/label -1 at image 0/);
});

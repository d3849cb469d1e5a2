import { expect, test } from 'vitest';
import { memoryMisfit } from './memory-misfit.ts';

const shortage = { bytesNeeded: 5 * 2 ** 20 + 1, bytesAvailable: 2 ** 22, where: 'stages[1]' };

test('a block that does not fit is said in MiB, needed rounded up, with the device that has so much', () => {
  const misfit = memoryMisfit(shortage, (mebibytes) => `x?memoryMiB=${mebibytes}`);
  expect(misfit).toMatchObject({ limit: 'memoryMiB', needed: 6, available: 4, where: 'stages[1]' });
  expect(misfit.remedies).toEqual(['open the device with more memory: x?memoryMiB=6', 'a smaller block']);
});

test('where there is no such device, a smaller block is the only remedy', () => {
  expect(memoryMisfit(shortage, () => null).remedies).toEqual(['a smaller block']);
});

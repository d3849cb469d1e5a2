/** node packages/kernels/src/fields/fields.bench.ts */
import { placeGibbsConstants } from '../../test/gibbs-constants.ts';
import { KernelArena } from '../../test/kernel-arena.ts';
import { mapOfW1, type Pass, pixelsPerChunk, timeKernels } from '../../test/time-kernels.ts';

const units = pixelsPerChunk;
const slots = 4 * units;
const chunks = Math.round(mapOfW1.spins / (16 * slots));

await timeKernels((kernelsOver) => {
  const a = new KernelArena(1, 4);
  const { dice } = a;
  const kernels = kernelsOver(a.memory);
  const constants = placeGibbsConstants(a, { fractionBits: 9, M: 45000, sh: 15, rows: 16 });
  const numbers = (): number => a.placeI32(a.draw(16 * slots, () => dice.integer(-2000, 2000)));
  const [fields, sums] = [numbers(), numbers()];
  const halfSums = a.placeI16(a.draw(16 * slots, () => dice.integer(0, 4000)));
  const narrow = a.allocate(32 * slots);
  const zeros = a.placeI32(new Array(slots).fill(0));
  const planes = a.allocate(9 * 16 * units);
  const each = (name: string, run: () => void): Pass => ({
    name,
    updates: 16 * slots * chunks,
    run(): void {
      for (let n = 0; n < chunks; n++) run();
    },
  });
  return [
    each('setFields', () => kernels.setFields(fields, zeros, slots)),
    each('addHalfSums', () => kernels.addHalfSums(sums, halfSums, zeros, zeros, zeros, units, 0)),
    each('addScaled, sh 15', () => kernels.addScaled(fields, sums, slots, 45000, 15)),
    each('addScaled, sh 5', () => kernels.addScaled(fields, sums, slots, 45000, 5)),
    each('narrowFields', () => kernels.narrowFields(narrow, fields, slots)),
    each('widenFields', () => kernels.widenFields(fields, narrow, slots)),
    each('addScaledMeans', () => kernels.addScaledMeans(fields, sums, slots, 45000, 15)),
    each('startFeedForward, nine planes of nibbles', () => {
      kernels.startFeedForward(constants, fields, units, 0, planes, 16, 0, planes, 16 * units, 0, 0);
    }),
  ];
});

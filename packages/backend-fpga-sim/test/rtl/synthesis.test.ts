import { expect, test } from 'vitest';
import { laneEngine } from './designs/lane-engine-host.ts';
import { cellKinds } from './part-cells.ts';
import { RtlError } from './rtl-design.ts';
import { synthesize } from './synthesis.ts';

/** Liveness: a minute each on a busy machine. */
const timeout = 600_000;

const lanes = 2;
const twoLanes = { ...laneEngine, source: laneEngine.source.replace('LANES  = 4', `LANES  = ${lanes}`) };

test.each([
  // Each lane has 512 thresholds of 16 bits (two blocks of 4 kbit, or half a block of 18), and 128 slots of 13 bits and 16 biases, which small blocks and
  // middle ones take and large parts leave to look-up tables.
  ['ice40', { bram: 4, lutRam: 0 }],
  ['ecp5', { bram: 2, lutRam: 24 }],
  ['xcup', { bram: 1, lutRam: 48 }],
] as const)('resources of a lane engine on %s', { timeout }, async (target, perLane) => {
  const found = await synthesize(twoLanes, target);
  const { bram, lutRam, dsp, uram, ff, lut, carry } = found;
  expect({ bram, lutRam, dsp, uram }).toEqual({
    bram: perLane.bram * lanes,
    lutRam: perLane.lutRam * lanes,
    dsp: 0,
    uram: 0,
  });
  // The generators' 128 bits and a sum of 16 in each lane, 256 bits of counters and registers.
  const bits = lanes * 144 + 256;
  expect(ff).toBeGreaterThanOrEqual(bits);
  expect(ff).toBeLessThan(2 * bits);
  // Two 32-bit additions a lane, and counters.
  expect(carry).toBeGreaterThanOrEqual(lanes * 64);
  // Published for one xoshiro128++ alone: 192 to 240.
  expect(lut).toBeGreaterThanOrEqual(lanes * 192);
});

test('cells that no table knows are not left out', () => {
  expect(cellKinds({ SB_LUT4: 3, SB_DFFSR: 2 }, 'ice40')).toMatchObject({ lut: 3, ff: 2, bram: 0 });
  expect(() => cellKinds({ SB_LUT4: 3, SB_SPRAM256KA: 1 }, 'ice40')).toThrow(RtlError);
});

test('a design that does not elaborate is refused', { timeout }, async () => {
  await expect(synthesize({ ...twoLanes, top: 'no_such_module' }, 'ice40')).rejects.toThrow(/no_such_module/);
});

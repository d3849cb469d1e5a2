/** What must hold whatever the sampler does; the law is the conformance suite's. Run with `node --test`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgram, openDevice, type Program } from '@isinglass/sdk';
import backend from '../src/backend.ts';

/** Two spins that are coupled. */
function twoSpins(): Program {
  return createProgram(
    {
      irVersion: '1.0',
      features: ['dense', 'real'],
      name: 'two spins',
      provenance: {},
      law: { kind: 'real' },
      inputs: [],
      outputs: [],
      stages: [
        {
          kind: 'block',
          id: 'block',
          index: 0,
          banks: [
            { id: 'a', role: 'free', shape: [1], color: 0 },
            { id: 'b', role: 'free', shape: [1], color: 1 },
          ],
          gains: [{ id: 'one', value: 1, runtime: false }],
          couplings: [{ id: 'ab', from: 'a', to: 'b', gain: 'one', form: { kind: 'dense', matrix: { tensor: 'J' } } }],
          biases: [],
          readouts: [{ id: 'read', bank: 'b', observable: 'spin-sum', tie: 1 }],
          schedule: { sweeps: 9, burnIn: 0, stride: 1, chains: 1, colors: [0, 1], init: 'random', beta: 1 },
        },
      ],
    },
    new Map([['J', { dtype: 'F32', shape: [1, 1], data: Float32Array.of(0.5) }]]),
  );
}

test('a run gives a sum of nine samples, and the same seed the same sum', async () => {
  const device = await openDevice('my-machine', { backends: [backend] });
  const program = await device.load(twoSpins());
  const sums = async (seed: bigint): Promise<number[]> => {
    const images = Uint32Array.from({ length: 20 }, (_, n) => n);
    const { readouts } = await program.run({ block: 0, images, seed });
    return [...(readouts[0]?.sums ?? [])];
  };
  const first = await sums(7n);
  assert.equal(first.length, 20);
  for (const sum of first) assert.ok(Math.abs(sum) <= 9 && Math.abs(sum % 2) === 1, `a sum of ${sum}`);
  assert.deepEqual(await sums(7n), first);
  assert.notDeepEqual(await sums(8n), first);
  await device.close();
});

test('a closed device rejects', async () => {
  const device = await openDevice('my-machine', { backends: [backend] });
  await device.close();
  await assert.rejects(device.load(twoSpins()), { code: 'device-closed' });
});

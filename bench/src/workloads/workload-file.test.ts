import { describe, expect, it } from 'vitest';
import { decodeWorkload, encodeWorkload } from './workload-file.ts';
import { namedWorkloads } from './workload-list.ts';

const quick = (name: string) => {
  const found = namedWorkloads.find((named) => named.name === name);
  if (found === undefined) throw new Error(`no workload ${name}`);
  return found.generate('quick');
};

/** The bytes of the lattice with one 32-bit integer changed. */
function lattice(change?: { readonly byte: number; readonly to: number }): Uint8Array {
  const bytes = encodeWorkload(quick('W3'));
  if (change !== undefined) new DataView(bytes.buffer).setInt32(change.byte, change.to, true);
  return bytes;
}

describe('a workload file', () => {
  it.each(namedWorkloads.map(({ name }) => name))('holds %s whole', (name) => {
    const workload = quick(name);
    // As a file is read: a Buffer, somewhere in a larger one.
    expect(decodeWorkload(Buffer.concat([Buffer.of(0), encodeWorkload(workload)]).subarray(1))).toEqual(workload);
  });

  it('has the layout that other samplers read', () => {
    const conv = encodeWorkload(quick('W1'));
    const view = new DataView(conv.buffer);
    expect(new TextDecoder().decode(conv.subarray(0, 8))).toBe('PEERCNV1');
    expect([8, 12, 16, 20, 24].map((at) => view.getInt32(at, true))).toEqual([8, 8, 6, 6, 16]);
    expect([view.getFloat32(28, true), view.getFloat32(32, true)]).toEqual([Math.fround(0.2), 1]);
    expect(conv.length).toBe(36 + 4 * (8 * 8 * 9 + 2 * 16 * 8 * 36));
    const graph = lattice();
    expect(new TextDecoder().decode(graph.subarray(0, 8))).toBe('PEERGRF1');
    expect([8, 12, 16, 20].map((at) => new DataView(graph.buffer).getInt32(at, true))).toEqual([64, 192, 2, 16]);
    expect(graph.length).toBe(28 + 4 * (2 * 64 + 3 * 192));
  });

  const firstPair = 28 + 4 * 2 * 64;
  it.each([
    ['another beginning', { byte: 0, to: 0 }, /begins with/],
    ['a size of zero', { byte: 20, to: 0 }, /sizes are 64, 192, 2, 0/],
    ['a size beyond its end', { byte: 12, to: 193 }, /ends after/],
    ['a size before its end', { byte: 12, to: 191 }, /instead of/],
    ['a field that is not finite', { byte: 28, to: 0x7fc00000 }, /not finite/],
    ['a color that is not there', { byte: 28 + 4 * 64, to: 2 }, /spin 0 has color 2 of 2/],
    ['a pair out of order', { byte: firstPair, to: 5 }, /pair 0 joins 5 and 1/],
    ['a pair of one color', { byte: firstPair + 4 * 192, to: 2 }, /pair 0 joins two spins of color 0/],
  ])('with %s is refused', (_, change, message) => {
    expect(() => decodeWorkload(lattice(change))).toThrow(message);
    expect(() => decodeWorkload(lattice())).not.toThrow();
  });
});

/** The table of resources in docs/devices.md is of the designs as they are, and Yosys counts them so. That the document has it is tested with its other tables. */
import { describe, expect, it } from 'vitest';
import { generatorEntry } from '../packages/backend-fpga-sim/src/generators/catalogue.ts';
import { yosysVersion } from '../packages/backend-fpga-sim/test/rtl/wasm/tool-versions.ts';
import { hashOf, streamDesigns, tableDesigns } from '../tools/device-docs/synthesis-designs.ts';
import { countsOf, recordedCounts } from '../tools/device-docs/synthesis-table.ts';

const { yosys, designs } = recordedCounts();
const recorded = new Map(designs.map(({ name, counts }) => [name, counts]));

it('the counts are of these designs and of this Yosys: node tools/device-docs.ts --synthesis counts anew', () => {
  expect(yosys).toBe(yosysVersion);
  expect(designs.map(({ name, hash }) => ({ name, hash }))).toEqual(
    tableDesigns.map((each) => ({ name: each.name, hash: hashOf(each) })),
  );
  for (const { name, targets } of tableDesigns) {
    expect({ name, targets: Object.keys(recorded.get(name) ?? {}) }).toEqual({ name, targets: [...targets] });
  }
});

it('another parameter, or another module, is another design', () => {
  const [first] = tableDesigns;
  if (first === undefined) throw new TypeError('the table is empty');
  const { design } = first;
  expect(hashOf({ ...first, design: { ...design } })).toBe(hashOf(first));
  expect(hashOf({ ...first, design: { ...design, parameters: { LANES: 2 } } })).not.toBe(hashOf(first));
  expect(hashOf({ ...first, design: { ...design, source: `${design.source}\n` } })).not.toBe(hashOf(first));
});

describe('counted anew', () => {
  const xorshift = streamDesigns.get('xorshift32');

  // Liveness: seconds, but a tool process has to start and others compile beside it.
  it.each(xorshift?.targets ?? [])(
    'xorshift32 on %s takes what the table says',
    { timeout: 300_000 },
    async (target) => {
      if (xorshift === undefined) throw new TypeError('the table has no xorshift32');
      expect(await countsOf(xorshift, target)).toEqual(recorded.get(xorshift.name)?.[target]);
    },
  );
});

it('streams take what the catalogue of generators says', () => {
  for (const [kind, { name }] of streamDesigns) {
    const { luts, flipFlops, multipliers } = generatorEntry(kind).area;
    expect({ kind, ...recorded.get(name)?.xcup }).toEqual({
      kind,
      lut: luts,
      ff: flipFlops,
      bram: 0,
      dsp: multipliers,
    });
  }
});

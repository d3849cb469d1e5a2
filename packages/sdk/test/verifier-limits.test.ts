/** The verifier at its limits: both sides of each, and numbers that would be ruinous if anything were allocated by them. */
import { describe, expect, test } from 'vitest';
import { inspectProgramFile } from '../src/program/read-program.ts';
import { writeContainer } from '../src/program/safetensors.ts';
import { ControlDraft } from './support/control-draft.ts';
import { asReal } from './support/real-draft.ts';

const dense = () => new ControlDraft('dense');
const block = 'stages[0]';

describe('both sides of a limit', () => {
  test.each([
    ['fixed.fractionBits', 4, 3, 'P132'],
    ['fixed.fractionBits', 12, 13, 'P132'],
    ['index', 255, 256, 'P111'],
    ['index', 0, -1, 'P111'],
    ['banks[1].color', 65535, 65536, 'P113'],
    ['banks[1].color', 0, -1, 'P113'],
    ['schedule.sweeps', 3, 2, 'P151'],
    ['schedule.stride', 6, 7, 'P151'],
    ['schedule.chains', 1, 0, 'P151'],
    ['gains[0].value', Number.MIN_VALUE, -Number.MIN_VALUE, 'P133'],
    ['couplings[0].id', 'a'.repeat(64), 'a'.repeat(65), 'P111'],
    ['couplings[0].id', 'z0_.-', '0z', 'P111'],
    ['couplings[0].id', 'z', '', 'P111'],
  ])('%s may be %j, not %j', (path, allowed, refused, code) => {
    const draft = (value: unknown) => {
      const changed = dense().set(`${block}.${path}`, value);
      if (path === 'banks[1].color') changed.set(`${block}.schedule.colors`, [1, value]);
      // A gain that small would need a shift that is not possible; nothing but its own rule is tested here.
      return path === 'gains[0].value' ? asReal(changed) : changed;
    };
    expect(draft(allowed).places()).toEqual([]);
    const where = path === 'schedule.sweeps' ? 'schedule.burnIn' : path;
    expect(draft(refused).places()).toContain(`${code} at ${block}.${where}`);
  });

  test('weightBits: 8 bits hold 127, 7 hold 63 and not 64, 1 holds 0', () => {
    const draft = (weights: number, weightBits: number) => {
      const changed = dense().set(`${block}.couplings[0].constraint`, { weightBits });
      changed.tensor('a.matrix', 'I8', [5, 6], new Int8Array(30).fill(weights));
      return changed.places();
    };
    const refused = [`P124 at ${block}.couplings[0].constraint.weightBits`];
    expect(draft(127, 8)).toEqual([]);
    expect(draft(-127, 7)).toEqual(refused);
    expect(draft(63, 7)).toEqual([]);
    expect(draft(-64, 7)).toEqual(refused);
    expect(draft(0, 1)).toEqual([]);
    expect(draft(1, 1)).toEqual(refused);
  });

  test('Σ|w| of a free spin may be 2^21 − 1, in the rows and in the columns of a matrix; of a pinned spin anything', () => {
    const spins = 16514;
    const draft = (extra: number, fromRole: 'free' | 'pinned') => {
      const weights = new Int8Array(spins).fill(127);
      weights[5] = extra;
      const changed = new ControlDraft('sum');
      const [pinned, free] = [
        { role: 'pinned', value: 'v' },
        { role: 'free', color: 0 },
      ];
      changed.set('inputs', [{ name: 'v', dtype: 'spin', shape: ['batch', fromRole === 'free' ? spins : 1] }]);
      changed.set(`${block}.banks`, [
        { id: 'x', shape: [1], ...(fromRole === 'free' ? free : pinned) },
        { id: 'y', shape: [spins], ...(fromRole === 'free' ? pinned : free) },
      ]);
      changed.set(`${block}.readouts[0].bank`, fromRole === 'free' ? 'x' : 'y');
      changed.set(`${block}.couplings[0].form`, {
        kind: 'dense',
        matrix: changed.tensor('a.matrix', 'I8', [spins, 1], weights),
      });
      return changed.places();
    };
    expect(draft(0, 'free')).toEqual([]);
    expect(draft(1, 'free')).toEqual([`P131 at ${block}.couplings[0].form.matrix`]);
    expect(draft(1, 'pinned')).toEqual([]);
  });

  test('the field bound may be 2^26 − 1 of a single spin, where the largest terms of other spins add to more', () => {
    const draft = (last: number) => {
      const changed = dense();
      changed.set(`${block}.banks[3]`, { id: 'z', role: 'free', shape: [3], color: 0 });
      // β = gain = 1 and k = 9: units are h·512.
      const values = [
        [2 ** 17 - 1, 0, 5],
        [511 / 512, 2 ** 17 - 1, -5],
        [0, last, 2 ** 16],
      ];
      values.forEach((list, n) => {
        const ref = changed.tensor(`z.${n}`, 'F32', [3], Float32Array.from(list));
        changed.set(`${block}.biases[${2 + n}]`, { bank: 'z', gain: 'one', form: 'spin', values: ref });
      });
      return changed;
    };
    expect(draft(511 / 512).places()).toEqual([]);
    expect(draft(1).places()).toEqual([`P132 at ${block}.biases[3].values`]);
  });

  test('a block may have 2^32 − 32 padded spins, not 2^32', () => {
    const draft = (size: number) =>
      dense()
        .set(`${block}.banks[3]`, { id: 'z', role: 'free', shape: [size], color: 0 })
        .places();
    expect(draft(2 ** 32 - 4 * 32)).toEqual([]);
    expect(draft(2 ** 32 - 4 * 32 + 1)).toEqual([`P112 at ${block}.banks`]);
  });

  test('nested 128 deep is allowed in a file, 129 is not; so in memory', () => {
    // The program and `meta` are two levels.
    const nested = (depth: number) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`) as unknown;
    for (const [depth, where] of [
      [126, undefined],
      [127, 'any'],
      [1000, 'any'],
    ] as const) {
      const draft = dense().set('meta', { deep: nested(depth) });
      expect(draft.places().length).toBe(where === undefined ? 0 : 1);
      const file = writeContainer({ programText: JSON.stringify(draft.json), tensors: draft.tensors });
      expect(inspectProgramFile(file).map(({ code }) => code)).toEqual(where === undefined ? [] : ['P103']);
    }
  });

  test('an integer place holds 2^53 and nothing above, as it is spelled; elsewhere a number is a float64', () => {
    /** Writes a literal where no float64 could be, and verifies the file. */
    const places = (literal: string, path: string) => {
      const draft = dense().set(`${block}.couplings[0].constraint`, {}).set(path, 7654321.125);
      const programText = JSON.stringify(draft.json).replace('7654321.125', literal);
      const file = writeContainer({ programText, tensors: draft.tensors });
      return inspectProgramFile(file).map(({ code, where }) => `${code} at ${where}`);
    };
    const nonzeros = `${block}.couplings[0].constraint.nonzerosMax`;
    const constrained = (literal: string) => places(literal, nonzeros);
    expect(constrained('9007199254740992')).toEqual([]);
    expect(constrained('9007199254740993')).toEqual([`P103 at ${nonzeros}`]);
    expect(constrained('1e300')).toEqual([`P103 at ${nonzeros}`]);
    expect(constrained('30.0')).toEqual([]);
    expect(places('123456789012345680000', 'provenance')).toEqual(['P103 at provenance']);
    expect(places('{"n":123456789012345680000}', 'provenance')).toEqual([]);
  });
});

describe('numbers that nothing may be allocated by', () => {
  test('a convolution between banks of 2^30 spins is verified at once', () => {
    const draft = new ControlDraft('conv');
    const wide = (bank: number, channels: number) => {
      const shape = [channels, 2 ** 14, 2 ** 14];
      draft.set(`${block}.banks[${bank}].shape`, shape);
      return ['batch', ...shape];
    };
    for (const [bank, channels] of [
      [0, 2],
      [1, 3],
      [2, 2],
      [3, 2],
    ] as const)
      wide(bank, channels);
    const shape = wide(3, 2);
    draft.set('inputs[0].shape', wide(0, 2)).set('outputs[0].shape', shape);
    // Processor time: how long a busy machine lets this process wait says nothing. Walking 2^30 spins takes seconds.
    const start = process.cpuUsage();
    const places = draft.places();
    expect(process.cpuUsage(start).user).toBeLessThan(1e6);
    expect(places).toEqual([]);
    // The bound cannot be formed spin by spin here: the sum of the largest terms decides.
    expect(draft.set(`${block}.couplings[0].scale`, 127).places()).toEqual([`P132 at ${block}.couplings[0].scale`]);
  });

  test('a huge sparse column range, huge pads, strides, dilations and groups', () => {
    for (const [path, value] of [
      ['couplings[0].form.pads', [2 ** 53, 2 ** 53, 2 ** 53, 2 ** 53]],
      ['couplings[0].form.strides', [2 ** 53, 2 ** 53]],
      ['couplings[0].form.dilations', [2 ** 53, 2 ** 53]],
      ['couplings[0].form.groups', 2 ** 53],
    ] as const) {
      expect(new ControlDraft('conv').set(`${block}.${path}`, value).places()).toHaveLength(1);
    }
    const glass = new ControlDraft('glass').set('inputs[0].shape', ['batch', 2 ** 32 - 64]);
    glass
      .set(`${block}.banks[0].shape`, [2 ** 32 - 64])
      .set(`${block}.couplings`, (glass.get(`${block}.couplings`) as []).slice(0, 2));
    for (const name of glass.tensors.keys()) if (name.startsWith('xx.')) glass.tensors.delete(name);
    expect(glass.places()).toEqual([]);
  });

  test('the message about a long shape is short', () => {
    const draft = dense().set(`${block}.banks[0].shape`, Array(100_000).fill(1));
    for (const { message } of draft.violations()) expect(message.length).toBeLessThan(200);
  });
});

/**
 * The verifier beyond the oracle's rejected files: both sides of limits, premises, several violations at once, programs
 * in memory, and numbers that would be ruinous if anything were allocated by them.
 */
import { describe, expect, test } from 'vitest';
import { inspectProgramFile, readProgram } from '../src/program/read-program.ts';
import { writeContainer } from '../src/program/safetensors.ts';
import { verifyProgram } from '../src/program/verify/verify-program.ts';
import { ControlDraft, type ControlName, controlBytes } from './support/control-draft.ts';

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

describe('what the oracle’s files leave out', () => {
  const bank = (id: string, shape: number[]) => ({ id, role: 'free', shape, color: 0 });
  const f32 = (draft: ControlDraft, shape: number[]) =>
    draft.tensor('t', 'F32', shape, new Float32Array(shape.reduce((a, b) => a * b, 1)));
  const form = `${block}.couplings[0].form`;
  type Change = (draft: ControlDraft) => ControlDraft;
  const rows: readonly (readonly [string, ControlName, Change, readonly string[]])[] = [
    [
      'a matrix with too few rows',
      'dense',
      (d) => d.set(form, { kind: 'dense', matrix: d.tensor('a.matrix', 'I8', [4, 6], new Int8Array(24)) }),
      [`P121 at ${form}.matrix`],
    ],
    [
      'a matrix of rank 1',
      'dense',
      (d) => d.set(form, { kind: 'dense', matrix: d.tensor('a.matrix', 'I8', [30], new Int8Array(30)) }),
      [`P104 at ${form}.matrix`],
    ],
    [
      'a diagonal of the wrong length',
      'dense',
      (d) => d.set(`${block}.couplings[2].form.value`, d.tensor('d.value', 'I8', [5], new Int8Array(5))),
      [`P121 at ${block}.couplings[2].form.value`],
    ],
    ['an unknown `to`', 'dense', (d) => d.set(`${block}.couplings[0].to`, 'q'), [`P121 at ${block}.couplings[0].to`]],
    [
      'one row start too few',
      'glass',
      (d) => d.set(`${form}.rowStart`, d.tensor('j.rowStart', 'U32', [12], new Uint32Array(12))),
      [`P121 at ${form}.rowStart`],
    ],
    [
      'one value too few',
      'glass',
      (d) => d.set(`${form}.value`, d.tensor('j.value', 'I8', [16], new Int8Array(16))),
      [`P121 at ${form}.value`],
    ],
    [
      'row starts above 2^53',
      'glass',
      (d) => d.set(`${form}.rowStart`, d.tensor('j.rowStart', 'U64', [13], new BigUint64Array(13).fill(2n ** 63n, 1))),
      [`P122 at ${form}.rowStart`],
    ],
    [
      'a kernel for other channels',
      'conv',
      (d) => d.set(`${form}.kernel`, d.tensor('k1.kernel', 'I8', [3, 3, 3, 3], new Int8Array(81))),
      [`P121 at ${form}.kernel`],
    ],
    [
      'a kernel without taps',
      'conv',
      (d) => d.set(`${form}.kernel`, d.tensor('k1.kernel', 'I8', [3, 2, 0, 3], new Int8Array())),
      [`P121 at ${form}.kernel`],
    ],
    [
      'a kernel of one axis for banks of two',
      'conv',
      (d) =>
        d
          .set(`${form}.kernel`, d.tensor('k1.kernel', 'I8', [3, 2, 3], new Int8Array(18)))
          .set(`${form}.strides`, [1])
          .set(`${form}.dilations`, [1])
          .set(`${form}.pads`, [1, 1]),
      [`P121 at ${form}.kernel`],
    ],
    ['dilation 0', 'conv', (d) => d.set(`${form}.dilations`, [0, 1]), [`P121 at ${form}.dilations`]],
    ['0 groups', 'conv', (d) => d.set(`${form}.groups`, 0), [`P121 at ${form}.groups`]],
    [
      'a convolution inside a bank',
      'conv',
      (d) => d.set(`${block}.couplings[2].from`, 'y'),
      [`P121 at ${block}.couplings[2]`],
    ],
    [
      'a spin bias of another shape',
      'conv',
      (d) => d.set(`${block}.biases[2]`, { bank: 'z', gain: 'one', form: 'spin', values: f32(d, [32]) }),
      [`P141 at ${block}.biases[2].values`],
    ],
    [
      'a channel bias of a bank without channels',
      'dense',
      (d) => d.set(`${block}.biases[2]`, { bank: 'h', gain: 'one', form: 'channel', values: f32(d, [5]) }),
      [`P141 at ${block}.biases[2].form`],
    ],
    [
      'a channel bias of rank 2',
      'conv',
      (d) => d.set(`${block}.biases[2]`, { bank: 'z', gain: 'one', form: 'channel', values: f32(d, [2, 1]) }),
      [`P104 at ${block}.biases[2].values`],
    ],
    [
      'a border rule for one axis of two',
      'conv',
      (d) => d.set(`${block}.biases[1].border.starts`, [[0, 1, 3]]),
      [`P141 at ${block}.biases[1].border.starts`],
    ],
    [
      'an empty border list',
      'conv',
      (d) => d.set(`${block}.biases[1].border.starts[0]`, []),
      [`P141 at ${block}.biases[1].border.starts[0]`],
    ],
    [
      'border values for other classes',
      'conv',
      (d) => d.set(`${block}.biases[1].border.starts[0]`, [0, 1]),
      [`P141 at ${block}.biases[1].values`],
    ],
    [
      'a border rule on another form',
      'conv',
      (d) => d.set(`${block}.biases[0].border`, { starts: [[0], [0]] }),
      [`P103 at ${block}.biases[0].border`],
    ],
    [
      'no border rule on the border form',
      'conv',
      (d) => d.drop(`${block}.biases[1].border`),
      [`P103 at ${block}.biases[1].border`],
    ],
    [
      'a pinned bank with a color map',
      'glass',
      (d) => d.set(`${block}.banks[0].colorMap`, d.tensor('c', 'U16', [5], new Uint16Array(5))),
      [`P113 at ${block}.banks[0].colorMap`],
    ],
    [
      'a free bank with a value',
      'dense',
      (d) => d.set(`${block}.banks[1].value`, 'x'),
      [`P113 at ${block}.banks[1].value`],
    ],
    [
      'two gains of one id',
      'dense',
      (d) => d.set(`${block}.gains[1].id`, 'tilt'),
      [`P111 at ${block}.gains[2].id`, `P121 at ${block}.couplings[1].gain`],
    ],
    [
      'ids of different kinds alike',
      'dense',
      (d) => d.set(`${block}.couplings[0].id`, 'h').set(`${block}.readouts[0].id`, 'h'),
      [],
    ],
    ['fixed missing under the fixed law', 'dense', (d) => d.drop(`${block}.fixed`), [`P131 at ${block}.fixed`]],
    [
      'a reference β of 0',
      'dense',
      (d) => d.set(`${block}.fixed.beta`, 0).set(`${block}.schedule.beta`, 0),
      [`P151 at ${block}.fixed.beta`],
    ],
    ['β 0 under the real law', 'real', (d) => d.set(`${block}.schedule.beta`, 0), [`P151 at ${block}.schedule.beta`]],
    ['an empty list of β', 'glass', (d) => d.set(`${block}.schedule.beta`, []), [`P151 at ${block}.schedule.beta`]],
    [
      'weightBits under the real law',
      'real',
      (d) => d.set(`${block}.couplings[0].constraint`, { weightBits: 32 }),
      [`P124 at ${block}.couplings[0].constraint.weightBits`],
    ],
    [
      'a value whose shape does not begin with batch',
      'dense',
      (d) => d.set('inputs[0].shape', [1, 6]),
      ['P103 at inputs[0].shape[0]'],
    ],
    [
      'a value with a size of 0',
      'dense',
      (d) => d.set('inputs[0].shape', ['batch', 0]),
      ['P103 at inputs[0].shape[1]'],
    ],
    ['an unknown dtype', 'dense', (d) => d.set('inputs[0].dtype', 'f64'), ['P103 at inputs[0].dtype']],
    ['an unknown form', 'dense', (d) => d.set(`${form}.kind`, 'fourier'), [`P103 at ${form}.kind`]],
    ['a form without kind', 'dense', (d) => d.drop(`${form}.kind`), [`P103 at ${form}.kind`]],
    ['an unknown role', 'dense', (d) => d.set(`${block}.banks[0].role`, 'clamped'), [`P103 at ${block}.banks[0].role`]],
    ['an unknown init', 'dense', (d) => d.set(`${block}.schedule.init`, 'zero'), [`P103 at ${block}.schedule.init`]],
    ['a bank that nothing joins', 'dense', (d) => d.set(`${block}.banks[3]`, bank('z', [1])), []],
    [
      'a program without stages',
      'dense',
      (d) => {
        d.tensors.clear();
        return d.set('stages', []).set('features', ['fixed']);
      },
      [],
    ],
  ];

  test.each(rows)('%s', (_, control, change, places) => {
    expect(change(new ControlDraft(control)).places()).toEqual(places);
  });
});

describe('many violations at once', () => {
  test('all are listed with their places, in one pass', () => {
    const draft = dense()
      .set('features', ['dense', 'diagonal', 'fixed', 'warp-drive'])
      .set('comment', 1)
      .set(`${block}.index`, 256)
      .set(`${block}.banks[2].id`, 'X')
      .set(`${block}.gains[1].value`, -1)
      .set(`${block}.couplings[0].gain`, 'nobody')
      .set(`${block}.couplings[2].scale`, 0)
      .set(`${block}.biases[0].bank`, 'nowhere')
      .set(`${block}.readouts[0].tie`, 3)
      .set(`${block}.schedule.chains`, 0)
      .set(`${block}.schedule.colors`, [0, 1, 9])
      .set('outputs', [{ name: 'nothing', dtype: 'f32', shape: ['batch', 1] }]);
    draft.tensor('spare', 'F32', [1], Float32Array.of(0));
    expect(new Set(draft.places())).toEqual(
      new Set([
        'P103 at comment',
        'P102 at features[3]',
        `P111 at ${block}.index`,
        `P111 at ${block}.banks[2].id`,
        `P133 at ${block}.gains[1].value`,
        `P121 at ${block}.couplings[0].gain`,
        `P131 at ${block}.couplings[2].scale`,
        // Bank y is called X now.
        `P121 at ${block}.couplings[1].to`,
        `P121 at ${block}.couplings[2].to`,
        `P141 at ${block}.biases[1].bank`,
        `P142 at ${block}.readouts[0].bank`,
        `P141 at ${block}.biases[0].bank`,
        `P142 at ${block}.readouts[0].tie`,
        `P151 at ${block}.schedule.chains`,
        `P123 at ${block}.schedule.colors`,
        'P104 at spare',
        'P114 at outputs[0].name',
      ]),
    );
  });

  test('a stage of the wrong form does not hide what is wrong with another', () => {
    const draft = new ControlDraft('blocks').set('stages[0].schedule', 'long').set('stages[1].schedule.stride', 0);
    expect(draft.places()).toEqual(['P103 at stages[0].schedule', 'P151 at stages[1].schedule.stride']);
  });

  test('a frame of the wrong form does not hide the form of its stages', () => {
    const draft = dense().set('law', 'fixed').drop(`${block}.schedule.beta`);
    expect(draft.places()).toEqual(['P103 at law', `P103 at ${block}.schedule.beta`]);
  });

  test('a thousand are listed, the rest are counted', () => {
    const violations = dense().set('features', Array(5000).fill('x')).violations();
    expect(violations).toHaveLength(1000);
    expect(violations.at(-1)?.message).toMatch(/and 4001 more, not listed/);
  });

  test.each([undefined, null, 5, 'program', [], () => 1, new Map(), new Date()])('%s is no program', (json) => {
    expect(verifyProgram(json, new Map()).map(({ code }) => code)).toContain('P103');
  });
});

describe('programs in memory', () => {
  test('a value that contains itself is refused, one that occurs twice is not', () => {
    const cyclic: Record<string, unknown> = { tensor: 'x' };
    cyclic.self = [cyclic];
    expect(dense().set('meta', cyclic).places()).toEqual(['P103 at meta.self[0]']);
    const shared = { deep: [1] };
    expect(
      dense()
        .set('meta', { a: shared, b: [shared, shared] })
        .places(),
    ).toEqual([]);
  });

  test.each([
    ['undefined', undefined],
    ['a function', () => 1],
    ['an instance', new Date(0)],
    ['a typed array', Float32Array.of(1)],
    ['NaN', Number.NaN],
    ['a bigint', 1n],
    ['a lone surrogate', '\udc00'],
  ])('%s has no place in JSON', (_, value) => {
    expect(dense().set('meta', { value }).places()).toEqual(['P103 at meta.value']);
  });

  test('tensors must be held by the array of their dtype and fill their shape', () => {
    const draft = dense();
    draft.tensor('a.matrix', 'I8', [5, 6], new Float32Array(30) as never);
    draft.tensor('d.value', 'I8', [7], new Int8Array(6));
    expect(draft.places()).toEqual(['P101 at header.a.matrix.dtype', 'P101 at header.d.value.shape']);
  });

  test('one tensor may serve several references', () => {
    const draft = dense().set(`${block}.biases[1]`, dense().get(`${block}.biases[0]`));
    draft.tensors.delete('bias.y.1');
    expect(draft.places()).toEqual([]);
  });
});

describe('colors', () => {
  /** Banks h, z → y of the conv control with color maps: `h` and `y` as given, z alone. */
  const mapped = (h: number[], y: number[], kernel: 'k2' | 'kz') => {
    const draft = new ControlDraft('conv');
    const used = [...new Set([...h, ...y])];
    const from = kernel === 'k2' ? 1 : 2;
    const maps = [
      [from, h],
      [3, y],
    ] as const;
    for (const [n, colors] of maps) {
      const path = `${block}.banks[${n}]`;
      const shape = draft.get(`${path}.shape`) as number[];
      const perChannel = colors.length;
      const data = Uint16Array.from(
        { length: shape.reduce((a, b) => a * b, 1) },
        (_, spin) => colors[spin % perChannel] ?? 0,
      );
      draft.set(`${path}.colorMap`, draft.tensor(`color.${n}`, 'U16', shape, data)).drop(`${path}.color`);
    }
    const other = from === 1 ? 2 : 1;
    draft.set(`${block}.banks[${other}].color`, 99).set(`${block}.schedule.colors`, [...used, 99]);
    draft.set('features', [...(draft.get('features') as string[]), 'color-map'].sort());
    return draft.places();
  };
  const checkerboard = (even: number, odd: number) =>
    Array.from({ length: 16 }, (_, n) => ((n + Math.floor(n / 4)) % 2 === 0 ? even : odd));

  test('positions that a tap joins must differ: a 1 × 1 kernel joins equal positions, a 3 × 3 kernel neighbours', () => {
    expect(mapped(checkerboard(0, 1), checkerboard(1, 0), 'kz')).toEqual([]);
    expect(mapped(checkerboard(0, 1), checkerboard(0, 1), 'kz')).toEqual([`P123 at ${block}.couplings[2]`]);
    expect(mapped(checkerboard(0, 1), checkerboard(1, 0), 'k2')).toEqual([`P123 at ${block}.couplings[1]`]);
    expect(mapped(checkerboard(0, 1), checkerboard(2, 3), 'k2')).toEqual([]);
  });

  test('dense and diagonal couplings', () => {
    const draft = dense()
      .set(`${block}.couplings[2].from`, 'y2')
      .set(`${block}.banks[3]`, { id: 'y2', role: 'free', shape: [6], color: 0 });
    expect(draft.places()).toEqual([]);
    draft.set(`${block}.banks[3].color`, 1);
    expect(draft.places()).toEqual([`P123 at ${block}.couplings[2]`]);
    draft.set(`${block}.banks[1].color`, 1).set(`${block}.schedule.colors`, [1]);
    expect(draft.places()).toEqual([`P123 at ${block}.couplings[1]`, `P123 at ${block}.couplings[2]`]);
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

test('a later minor version whose features are known is read, another major version is not', () => {
  expect(dense().set('irVersion', '1.7').places()).toEqual([]);
  for (const version of ['2.0', '0.9', '1', '1.00', '1.0.0', '', '01.0']) {
    expect(dense().set('irVersion', version).places()).toEqual(['P102 at irVersion']);
  }
});

test('the control on which these tests build is the file itself', () => {
  expect(dense().json).toEqual(readProgram(controlBytes('dense')).json);
});

/** The dense control's program with float32 weights. */
function asReal(draft: ControlDraft): ControlDraft {
  for (const [name, { dtype, shape, data }] of draft.tensors) {
    if (dtype === 'I8') draft.tensor(name, 'F32', shape, Float32Array.from(data as Int8Array));
  }
  for (const n of [0, 1, 2]) draft.drop(`${block}.couplings[${n}].scale`);
  return draft.drop(`${block}.fixed`).set('law.kind', 'real').set('features', ['dense', 'diagonal', 'real']);
}

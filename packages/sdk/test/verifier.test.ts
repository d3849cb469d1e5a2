/** The verifier on whole programs: several violations at once, programs in memory, versions. */
import { describe, expect, test } from 'vitest';
import { readProgram } from '../src/program/read-program.ts';
import { verifyProgram } from '../src/program/verify/verify-program.ts';
import { ControlDraft, controlBytes } from './support/control-draft.ts';

const dense = () => new ControlDraft('dense');
const block = 'stages[0]';

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

test('a later minor version whose features are known is read, another major version is not', () => {
  expect(dense().set('irVersion', '1.7').places()).toEqual([]);
  for (const version of ['2.0', '0.9', '1', '1.00', '1.0.0', '', '01.0']) {
    expect(dense().set('irVersion', version).places()).toEqual(['P102 at irVersion']);
  }
});

test('the control on which these tests build is the file itself', () => {
  expect(dense().json).toEqual(readProgram(controlBytes('dense')).json);
});

/** What no project is written of, and why; beside each the nearest that is. */
import { isIsinglassError } from '@isinglass/sdk';
import { randomProgram } from '@isinglass/sdk/testing';
import { describe, expect, test } from 'vitest';
import { type RtlTarget, type RtlTargetOptions, rtlProject, rtlTarget } from '../../src/rtl/project/index.ts';
import { layered, oneRow } from './project-cases.ts';

const roomy = 'degree=4096&couplingSlots=262144&format=s5.12&accumulatorBits=32';

function refusal(program: ReturnType<typeof layered>, o: RtlTargetOptions) {
  try {
    rtlTarget(program, o);
  } catch (e) {
    if (isIsinglassError(e)) return e;
    throw e;
  }
  throw new TypeError('it was taken');
}

const accepted = (program: ReturnType<typeof layered>, o: RtlTargetOptions): RtlTarget => rtlTarget(program, o);

describe('refused are', () => {
  test('a program of the real law, which names the law to compile for', () => {
    const real = randomProgram({ seed: 1, law: 'real' });
    expect(refusal(real, { engine: 'lane' })).toMatchObject({ code: 'unsupported', feature: 'real' });
    expect(refusal(real, { engine: 'lane' }).message).toContain('--law fixed');
    expect(accepted(randomProgram({ seed: 1, law: 'fixed' }), { engine: 'lane' }).engine).toBe('lane');
  });

  test('several blocks without a choice, and a block that is not there', () => {
    const several = randomProgram({ seed: 2, blocks: 2 });
    const ids = several.json.stages.map(({ id }) => id);
    expect(refusal(several, { engine: 'lane' })).toMatchObject({ code: 'invalid-request', where: 'block' });
    for (const id of ids) expect(refusal(several, { engine: 'lane' }).message).toContain(id);
    expect(refusal(several, { engine: 'lane', block: 'none' }).message).toMatch(/no block "none"; there are/);
    for (const id of ids) expect(accepted(several, { engine: 'lane', block: id }).block.id).toBe(id);
  });

  test('lanes that are no power of two', () => {
    const device = (lanes: number): string => `fpga-sim:toy?lanes=${lanes}&${roomy}&temperatureSweeps=64`;
    expect(refusal(layered(3), { engine: 'lane', device: device(6) })).toMatchObject({
      code: 'invalid-request',
      where: 'lanes',
    });
    expect(accepted(layered(3), { engine: 'lane', device: device(8) }).device).toBe(device(8));
  });

  test('a machine of another engine than the one that is asked for', () => {
    for (const [engine, device] of [
      ['conv', `fpga-sim:toy?${roomy}`],
      ['lane', 'fpga-sim:conv-s'],
      ['lane', 'fpga-sim:niazi'],
    ] as const) {
      expect(refusal(layered(3), { engine, device })).toMatchObject({ code: 'invalid-request', where: 'engine' });
    }
    expect(accepted(layered(3), { engine: 'lane', device: `fpga-sim:toy?${roomy}` }).engine).toBe('lane');
  });

  test('a program that does not fit, with every misfit and its numbers', () => {
    const { code, diagnostics } = refusal(layered(3), {
      engine: 'lane',
      device: 'fpga-sim:toy?spins=8&degree=1&couplingSlots=8',
    });
    expect(code).toBe('does-not-fit');
    expect(diagnostics.map((each) => each.code)).toEqual(
      expect.arrayContaining(['spins.max', 'couplings.degreeMax', 'field.fractionBits.max']),
    );
    for (const { message } of diagnostics) expect(message).toMatch(/needs \S+ \d+, the device has \d+/);
  });

  test('couplings that no convolution engine takes, whatever its size', () => {
    const sparse = randomProgram({ seed: 5, forms: ['sparse'] });
    const { diagnostics } = refusal(sparse, { engine: 'conv' });
    expect(diagnostics.map((each) => each.code)).toContain('couplings.forms');
    expect(accepted(sparse, { engine: 'lane' }).engine).toBe('lane');
  });

  test('temperatures on a machine that takes none', async () => {
    const device = (sweeps: number): string => `fpga-sim:toy?${roomy}&temperatureSweeps=${sweeps}`;
    expect(refusal(layered(3), { engine: 'lane', device: device(0) })).toMatchObject({
      code: 'unsupported',
      feature: 'temperature',
    });
    expect(accepted(layered(3), { engine: 'lane', device: device(1) }).engine).toBe('lane');
    const constant = randomProgram({ seed: 6, temperature: 'constant' });
    const target = accepted(constant, { engine: 'lane' });
    const run = oneRow(constant, 6);
    await expect(rtlProject(constant, target, run)).rejects.toMatchObject({ where: 'temperatures' });
    expect((await rtlProject(constant, target, { ...run, temperatures: null })).sweeps).toBe(run.sweeps);
  });
});

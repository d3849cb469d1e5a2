import type { KernelMachinesOptions } from '@isinglass/kernels/machine';
import type { Block, Program } from '@isinglass/sdk';
import type { Machines } from '@isinglass/sdk/machine-driver';
import { randomProgram } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import { parseCpuUri } from '../device-options.ts';
import { openMachines } from './open-machines.ts';

const fixed = randomProgram({ seed: 1, law: 'fixed', forms: ['dense'] });
const real = randomProgram({ seed: 1, law: 'real' });

/** Machines that write down which programs they are asked about. */
function fakeKernels() {
  const opened: KernelMachinesOptions[] = [];
  const asked: string[] = [];
  const lost = new AbortController();
  const nameOf = (program: Program): string => program.json.law.kind;
  const machines: Machines = {
    plan: (program) => {
      asked.push(`plan ${nameOf(program)}`);
      return { bytes: 0, blocks: [] };
    },
    measure: async (program) => void asked.push(`measure ${nameOf(program)}`),
    load: async ({ program }) => {
      asked.push(`load ${nameOf(program)}`);
      throw new Error('kernels were asked');
    },
    lost: lost.signal,
    close: async () => void asked.push('close'),
  };
  const open = async (o: KernelMachinesOptions): Promise<Machines> => {
    opened.push(o);
    return machines;
  };
  return { opened, asked, machines, open };
}

const blockOf = (program: Program): Block =>
  program.json.stages.find((stage): stage is Block => stage.kind === 'block') as Block;

async function ask(machines: Machines, program: Program): Promise<void> {
  const block = blockOf(program);
  machines.plan(program);
  await machines.measure?.(program, block, []);
  const plan = { bytesPerRow: 1, rowsMax: 1, rowsPreferred: 1 };
  const machine = await machines.load({ program, block, plan, signals: [] });
  machine.end();
}

test('a program of the fixed law is the kernels’, one of the real law the scalar machine’s', async () => {
  const { asked, open } = fakeKernels();
  const machines = await openMachines(parseCpuUri('cpu'), open);
  await ask(machines, real);
  expect(asked).toEqual([]);
  await expect(ask(machines, fixed)).rejects.toThrow('kernels were asked');
  expect(asked).toEqual(['plan fixed', 'measure fixed', 'load fixed']);
});

test('what the kernels lose is lost for every program, and they close with the device', async () => {
  const { asked, machines: kernels, open } = fakeKernels();
  const machines = await openMachines(parseCpuUri('cpu'), open);
  expect(machines.lost).toBe(kernels.lost);
  await machines.close();
  expect(asked).toEqual(['close']);
});

test('cpu:scalar opens no kernels: the scalar machine runs both laws', async () => {
  const { opened, open } = fakeKernels();
  const machines = await openMachines(parseCpuUri('cpu:scalar'), open);
  await ask(machines, real);
  await ask(machines, fixed);
  await machines.close();
  expect(opened).toEqual([]);
});

test('kernels are opened with the options of the URI, and name the device that has more memory', async () => {
  const { opened, open } = fakeKernels();
  await openMachines(parseCpuUri('cpu?threads=1&memoryMiB=7&rowsMax=5'), open);
  expect(opened[0]).toMatchObject({ threads: 1, memoryBytesMax: 7 * 2 ** 20, rowsMax: 5 });
  expect(opened[0]?.uriWithMemory?.(4095)).toBe('cpu?memoryMiB=4095');
  expect(opened[0]?.uriWithMemory?.(4096)).toBe('cpu:scalar?memoryMiB=4096');
});

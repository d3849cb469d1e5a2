import { expect, it } from 'vitest';
import { passArguments } from './pass-arguments.ts';

const check = { burnIn: 20, span: 40, stride: 4 };
const workload = { name: 'W1', updatesPerSweep: 1, synapticOperationsPerSweep: 1, check };
const signal = new AbortController().signal;

it('a full pass with the check asks for at least five repetitions and the protocol of the workload', () => {
  const words = passArguments('W1.bin', workload, { threads: 2, quick: false, check: true, signal });
  expect(words[0]).toBe('W1.bin');
  expect(words.join(' ')).toContain('--threads 2 ');
  expect(Number(words[words.indexOf('--repetitions') + 1])).toBeGreaterThanOrEqual(5);
  expect(words.slice(-2)).toEqual(['--check', '20,40,4']);
});

it('a pass without the check, and a workload without one, measure no energy', () => {
  expect(passArguments('W1.bin', workload, { threads: 1, quick: false, check: false, signal })).not.toContain(
    '--check',
  );
  const unchecked = { ...workload, check: null };
  expect(passArguments('W1.bin', unchecked, { threads: 1, quick: false, check: true, signal })).not.toContain(
    '--check',
  );
});

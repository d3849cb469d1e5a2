import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { describeConformance, type TestContext } from '../src/drop-in/describe-conformance.ts';
import { unavailable } from '../src/provider/provider.ts';
import { countingProvider, logical } from './stand-ins.ts';

const checks = [
  logical('test.right'),
  logical('test.wrong', async () => [{ name: 'the third spin', ok: false, expected: '+1', actual: '−1' }]),
  logical('test.undeclared', undefined, { needs: ['stated-latency'] }),
  logical('test.slow', undefined, { level: 'standard' }),
];

interface Defined {
  readonly name: string;
  readonly run: (context: TestContext) => Promise<void>;
}

function definedBy(o: Partial<Parameters<typeof describeConformance>[0]>): readonly Defined[] {
  const defined: Defined[] = [];
  const define = (name: string, _: object, run: Defined['run']): void => void defined.push({ name, run });
  describeConformance({ test: define, provider: countingProvider(), checks, seed: 5n, ...o });
  return defined;
}

async function outcome({ run }: Defined): Promise<string> {
  let skipped: string | undefined;
  const skip = (reason?: string): void => {
    skipped = reason ?? '';
  };
  try {
    await run({ skip });
  } catch (error) {
    return `failed: ${String(error)}`;
  }
  return skipped === undefined ? 'passed' : `skipped: ${skipped}`;
}

describe('the tests of a provider', () => {
  it('are one per check of the level, named by its id', () => {
    expect(definedBy({}).map(({ name }) => name)).toEqual(['test.right@1', 'test.wrong@1', 'test.undeclared@1']);
    expect(definedBy({ level: 'standard', only: 'test.s*' }).map(({ name }) => name)).toEqual(['test.slow@1']);
  });

  it('pass, fail with the explanation and the seed, or are skipped with what is not declared', async () => {
    const [right, wrong, undeclared] = await Promise.all(definedBy({}).map(outcome));
    expect(right).toBe('passed');
    expect(wrong).toMatch(/the third spin\n\s+expected \+1\n\s+observed −1/);
    expect(wrong).toContain('0x0000000000000005');
    expect(undeclared).toMatch(/^skipped: .*cancel\.latencyMs/);
  });

  it('fail where the device does not open, and are skipped where there is none', async () => {
    const broken = definedBy({ provider: { create: () => Promise.reject(new Error('no power')) } });
    expect(await Promise.all(broken.map(outcome))).toEqual(Array(3).fill(expect.stringContaining('no power')));
    const absent = definedBy({ provider: { create: async () => unavailable('no board') } });
    expect(await Promise.all(absent.map(outcome))).toEqual(Array(3).fill('skipped: no board'));
  });
});

describeConformance({ test, describe, provider: countingProvider(), checks, only: 'test.right' });

it('run under node:test as well', () => {
  const file = fileURLToPath(new URL('fixtures/node-test.ts', import.meta.url));
  const output = execFileSync(process.execPath, ['--test', '--test-reporter=tap', file], {
    encoding: 'utf8',
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
  expect(output).toMatch(/ok \d+ - test\.right@1/);
  expect(output).toMatch(/ok \d+ - test\.undeclared@1 # SKIP/);
});

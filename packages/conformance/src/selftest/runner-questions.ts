/** Questions about the runner: what devices do to a verdict, how many samples a check gets, and which seeds. */
import type { Check, Hypothesis } from '../checks/check.ts';
import type { CheckContext } from '../checks/check-context.ts';
import type { Pieces } from './pieces.ts';
import { mismatches, type SelftestQuestion } from './selftest-item.ts';
import {
  cellsToy,
  findingToy,
  oracleToy,
  parityToy,
  residualToy,
  shareToy,
  statisticalToy,
  strongToy,
  tooFewToy,
} from './toy-checks.ts';
import {
  allUpDevice,
  brokenDevices,
  coarseFieldsDevice,
  healthyDevice,
  invertedDevice,
  onceWrongDevice,
  oneTooManyDevice,
} from './toy-devices.ts';

/** Devices answer within milliseconds here; one that does not is hung. */
const callMs = 2000;
const hungMs = 200;

export function runnerQuestions(pieces: Pieces, seed: bigint): readonly SelftestQuestion[] {
  const run = (check: Check, provider = healthyDevice, o: { callMs?: number; seed?: bigint } = {}) =>
    pieces.runCheck(check, { provider, seed: o.seed ?? seed, callMs: o.callMs ?? callMs });
  const all = (): Check[] => [shareToy(pieces), cellsToy(pieces), residualToy(pieces), strongToy(), parityToy()];
  return [
    {
      name: 'runner.healthy',
      what: 'a device that follows the law passes every check (false alarm: 3e-6)',
      ask: async () => verdicts(all(), 'pass', (check) => run(check)),
    },
    {
      name: 'runner.faults',
      what: 'gross faults fail the checks that see them',
      ask: async () => [
        ...(await verdicts([shareToy(pieces), cellsToy(pieces), residualToy(pieces), strongToy()], 'fail', (check) =>
          run(check, invertedDevice),
        )),
        ...(await verdicts([shareToy(pieces), cellsToy(pieces), strongToy()], 'fail', (check) =>
          run(check, allUpDevice),
        )),
        ...(await verdicts([parityToy()], 'fail', (check) => run(check, oneTooManyDevice))),
      ],
    },
    {
      name: 'runner.second-stage',
      what: 'one wrong run that fresh seeds do not confirm is no failure',
      ask: () => verdicts([strongToy(), shareToy(pieces)], 'pass', (check) => run(check, onceWrongDevice())),
    },
    {
      name: 'runner.exceptions',
      what: 'whatever a device throws or leaves hanging is a failure: never a pass, a skip, or the end of the suite',
      ask: async () => {
        const problems: string[] = [];
        for (const [name, provider] of Object.entries(brokenDevices)) {
          const found = await run(parityToy(), provider, { callMs: hungMs });
          problems.push(...mismatches([[name, found, 'fail']]));
        }
        return problems;
      },
    },
    {
      name: 'runner.unsupported',
      what: 'a check is left out for what the profile does not declare, and for nothing else',
      ask: async () => {
        const pass = async (): Promise<readonly Hypothesis[]> => [{ name: 'h', p: 1, n: 1 }];
        return mismatches([
          ['exact, not declared', await run(statisticalToy('needs', pass, ['exact'])), 'unsupported'],
          ['stable, declared', await run(statisticalToy('needs', pass, ['stable'])), 'pass'],
          ['too few samples', await run(tooFewToy()), 'inconclusive'],
        ]);
      },
    },
    {
      name: 'runner.suite-errors',
      what: 'a check that finds nothing, or whose p-value is none, stops the suite instead of passing',
      ask: async () => [
        ...(await harnessErrors(run(findingToy('empty', 'logical', async () => [])))),
        ...(await harnessErrors(run(statisticalToy('none', async () => [])))),
        ...(await harnessErrors(run(statisticalToy('nan', async () => [{ name: 'h', p: Number.NaN, n: 1 }])))),
      ],
    },
    {
      name: 'runner.samples',
      what: 'a check gets the samples that it asks for, and four times as many for a confirmation',
      ask: async () => {
        const asked = [1, 1000, 123_456_789];
        const got: number[][] = [];
        await run(
          rejectingToy('samples', (c) => {
            got.push(asked.map((n) => c.samples(n)));
          }),
        );
        return mismatches([
          ['stages', got.length, 2],
          ...asked.flatMap((n, index): [string, number | undefined, number][] => [
            [`samples(${n}) of the screen`, got[0]?.[index], n],
            [`samples(${n}) of the confirmation`, got[1]?.[index], 4 * n],
          ]),
        ]);
      },
    },
    {
      name: 'runner.seeds',
      what: 'random numbers differ by seed, stage, name and check, and come again with the same seed',
      ask: () => seedProblems(run, seed),
    },
    {
      name: 'oracle.values',
      what: 'the law of two coupled spins has the values of the specification (semantics 4.6)',
      ask: async () => {
        const found: (readonly [string, number, number])[] = [];
        await run(
          oracleToy(pieces, (label, value, expected) => {
            found.push([label, Math.round(value * 65536), expected]);
          }),
        );
        return found.length === 6 ? mismatches(found) : [`${found.length} values instead of 6`];
      },
    },
    {
      name: 'oracle.independent',
      what: 'the law is that of the program which was asked for: a device that holds another one and says so fails',
      ask: () => verdicts([shareToy(pieces), residualToy(pieces)], 'fail', (check) => run(check, coarseFieldsDevice)),
    },
  ];
}

type Run = (check: Check, provider?: undefined, o?: { readonly seed?: bigint }) => Promise<string>;

async function verdicts(
  checks: readonly Check[],
  expected: string,
  run: (check: Check) => Promise<string>,
): Promise<string[]> {
  const problems: string[] = [];
  for (const check of checks) problems.push(...mismatches([[check.plan.id, await run(check), expected]]));
  return problems;
}

async function harnessErrors(running: Promise<string>): Promise<string[]> {
  try {
    return [`gave ${await running}`];
  } catch (error) {
    return error instanceof Error && error.name === 'HarnessError' ? [] : [`threw ${String(error)}`];
  }
}

/** Rejects, so that both stages run. */
const rejectingToy = (id: string, look: (c: CheckContext) => void): Check =>
  statisticalToy(id, async (c) => {
    look(c);
    return [{ name: 'h', p: 0, n: 1 }];
  });

async function seedProblems(run: Run, seed: bigint): Promise<string[]> {
  const drawn = async (id: string, of: bigint): Promise<bigint[]> => {
    const words: bigint[] = [];
    await run(
      rejectingToy(id, (c) => {
        words.push(c.random('a').bits64(), c.random('b').bits64());
      }),
      undefined,
      { seed: of },
    );
    return words;
  };
  const first = await drawn('seeds', seed);
  const again = await drawn('seeds', seed);
  const others = [
    ...(await drawn('other', seed)),
    ...(await drawn('seeds', seed ^ 1n)),
    ...(await drawn('seeds', seed ^ (1n << 63n))),
  ];
  const different = new Set([...first, ...others]).size;
  return mismatches<unknown>([
    ['words of two stages with two names', first.length, 4],
    ['words of the same seed', again.join(), first.join()],
    ['different words of 16', different, 16],
  ]);
}

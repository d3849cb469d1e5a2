/** The suite's runner, for one check of a selftest. */
import { runCase } from '../suite/run-case.ts';
import type { RunCheck } from './pieces.ts';
import { toyProfile } from './toy-devices.ts';

const none = { updateProbability: 0, betaRelative: 0, fieldAbsolute: 0 };
const caseMs = 60_000;

export const runToyCheck: RunCheck = async (check, { provider, seed, callMs }) => {
  const { verdict } = await runCase(check, {
    provider,
    flags: {},
    profile: toyProfile,
    tolerances: { claimed: none, admitted: none },
    level: 'quick',
    seed,
    deadlines: { callMs, caseMs },
    signal: new AbortController().signal,
  });
  return verdict;
};

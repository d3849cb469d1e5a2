import { canonicalJson, type DeviceProfile, parseDeviceProfile } from '@isinglass/sdk';
import type { Finding, LogicalCheck } from '../check.ts';
import { must } from '../findings.ts';
import { loadHeldPattern, patternHolds } from '../held-pattern.ts';

/** A profile is data that does not change. */
export const capFrozen: LogicalCheck = {
  plan: {
    id: 'cap.frozen',
    version: 1,
    row: 5,
    chapter: 'capability',
    title: 'The profile is plain, valid, frozen data, the same at every opening and after every run.',
    how: 'Opens several devices, reads the profile of each at once, after a load and after a run, and compares canonical JSON with the profile that the suite was given.',
    kind: 'near-certain',
    statistic:
      'JSON keeps it as it is; the schema takes it; every object in it is frozen; all readings are equal; the run shows its pattern',
    samples: '3 openings; 10 from standard on',
    resolution: { quick: 'any deviation', standard: 'any deviation', certify: 'any deviation' },
    level: 'quick',
    clauses: ['contract: Driver.profile is plain frozen data'],
    needs: ['single-spin'],
    kills: ['M50'],
    blindTo: ['M49'],
    since: '0.1.0',
  },
  async run(c) {
    const findings: Finding[] = [];
    const given = canonicalJson(c.profile);
    for (let n = 1; n <= c.byLevel({ quick: 3, standard: 10, certify: 10 }); n++) {
      const random = c.random(`opening ${n}`);
      const lab = await c.open();
      const { profile } = lab.driver;
      findings.push(...plainness(profile).map((each) => ({ ...each, name: `${each.name}, opening ${n}` })));
      findings.push(sameProfile(`profile at opening ${n}`, given, profile));
      const pattern = await loadHeldPattern(c, lab, random);
      findings.push(sameProfile(`profile after a load, opening ${n}`, given, lab.driver.profile));
      findings.push(await patternHolds(`run of opening ${n}`, pattern, random));
      findings.push(sameProfile(`profile after a run, opening ${n}`, given, lab.driver.profile));
      await lab.close();
    }
    return findings;
  },
};

function plainness(profile: DeviceProfile): readonly Finding[] {
  return [
    must('JSON keeps it', isPlain(profile), 'plain data', 'members that JSON drops or changes'),
    must('the schema takes it', isValid(profile), 'a valid profile', 'one that parseDeviceProfile refuses'),
    must('it is frozen throughout', isFrozen(profile), 'frozen objects', 'an object that is not frozen'),
  ];
}

function sameProfile(name: string, expected: string, profile: DeviceProfile): Finding {
  const actual = canonicalJson(profile);
  return must(name, actual === expected, 'the profile that the suite was given', firstDifference(expected, actual));
}

function firstDifference(expected: string, actual: string): string {
  let n = 0;
  while (n < expected.length && expected[n] === actual[n]) n++;
  return `"${actual.slice(Math.max(0, n - 40), n + 40)}"`;
}

function isValid(profile: DeviceProfile): boolean {
  try {
    parseDeviceProfile(structuredClone(profile));
    return true;
  } catch {
    return false;
  }
}

/** Whether a value is what JSON makes of it: no undefined, NaN, dates, functions, class instances. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (Array.isArray(value)) return value.every(isPlain);
  if (typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(isPlain);
}

function isFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isFrozen);
}

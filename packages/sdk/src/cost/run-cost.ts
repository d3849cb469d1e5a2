/**
 * What a run took: cycles, seconds and joules, from what the device counted, what the sdk knows of the work (semantics 3.8) and the numbers of the profile.
 * Nothing is guessed: a cost that needs a number which nobody states is "unstated", and names the number.
 *
 *   E = U·e_update + SOP·e_sop + bits read·e_read + bits written·e_write + memory bits·e_memory + P_static·T        (updates exclude pinned spins)
 */
import type { Counters } from '../contract/driver.ts';
import type { RunWork } from '../couplings/coupling-counts.ts';
import { type DeviceProfile, type Evidence, type EvidenceGrade, evidenceGrades } from '../profile/device-profile.ts';

/** A number, or that it needs one which is not stated. */
export type Stated = number | 'unstated';

/** A run after the fact, as `RunResult` has it, or an estimate of one. */
export interface CostedRun {
  readonly work: RunWork;
  /** Sweeps of all rows together. */
  readonly rowSweeps: number;
  readonly counters: Counters;
}

/** Where joules go. */
export const energyTerms = ['update', 'synapticOperation', 'read', 'write', 'memory', 'static'] as const;
export type EnergyTerm = (typeof energyTerms)[number];

export interface RunCost {
  /** null where the device counts none. */
  readonly cycles: { readonly total: number; readonly byCause: Readonly<Record<string, number>> } | null;
  /** Of the device, without its host. */
  readonly seconds: Stated;
  readonly joules: Stated;
  /** The terms of `joules`, some of which may be stated where their sum is not. */
  readonly joulesByTerm: Readonly<Record<EnergyTerm, Stated>>;
  /** What is missing for the costs that are unstated: paths of the profile, or counters. */
  readonly lacking: readonly string[];
  /** Of every number of the profile that stands in a stated cost; those without evidence are listed as unconfirmed. */
  readonly evidence: readonly Evidence[];
  /** The weakest of them; null where no number of the profile was needed. */
  readonly grade: EvidenceGrade | null;
}

/** The cost of a run on the device of a profile. */
export function runCost(profile: DeviceProfile, run: CostedRun): RunCost {
  const ledger = new Ledger(profile);
  const { counters, work } = run;
  const cycles = counters.cycles === undefined ? null : { total: sum(counters.cycles), byCause: counters.cycles };
  const seconds = secondsOf(run, ledger);
  const bits = (bytes: number | undefined): number | undefined => (bytes === undefined ? undefined : 8 * bytes);
  const joulesByTerm: Record<EnergyTerm, Stated> = {
    update: ledger.product('energy.joulesPerUpdate', work.updates),
    synapticOperation: ledger.product('energy.joulesPerSynapticOperation', work.synapticOperations),
    read: ledger.product('energy.joulesPerBitRead', bits(counters.bytesOut), 'counters.bytesOut'),
    write: ledger.product('energy.joulesPerBitWritten', bits(counters.bytesIn), 'counters.bytesIn'),
    memory: ledger.product('energy.joulesPerMemoryBit', counters.memoryBits, 'counters.memoryBits'),
    static: ledger.product('energy.staticWatts', seconds === 'unstated' ? undefined : seconds, 'seconds'),
  };
  let joules: Stated = 0;
  for (const term of energyTerms) {
    const part: Stated = joulesByTerm[term];
    joules = joules === 'unstated' || part === 'unstated' ? 'unstated' : joules + part;
  }
  return { cycles, seconds, joules, joulesByTerm, ...ledger.account() };
}

/** As the device says; else from its cycles; else from the time of a sweep or an update, one row after the other. */
function secondsOf({ counters, work, rowSweeps }: CostedRun, ledger: Ledger): Stated {
  const { clockHz, sweepNs, updateNs } = ledger.profile.timing;
  if (counters.deviceNs !== undefined) {
    // A device that counts cycles knows time by its clock.
    if (counters.cycles !== undefined && clockHz !== null) ledger.use('timing.clockHz');
    return counters.deviceNs / 1e9;
  }
  if (counters.cycles !== undefined && clockHz !== null) {
    ledger.use('timing.clockHz');
    return sum(counters.cycles) / clockHz;
  }
  if (sweepNs !== null) return (ledger.use('timing.sweepNs') * rowSweeps) / 1e9;
  if (updateNs !== null) return (ledger.use('timing.updateNs') * work.updates) / 1e9;
  ledger.lack('timing');
  return 'unstated';
}

type EnergyPath = `energy.${keyof DeviceProfile['energy']}`;
type TimingPath = `timing.${keyof DeviceProfile['timing']}`;

/** Which numbers of a profile went into costs, and which were not there. */
class Ledger {
  readonly profile: DeviceProfile;
  readonly #used = new Set<string>();
  readonly #lacking = new Set<string>();

  constructor(profile: DeviceProfile) {
    this.profile = profile;
  }

  use(path: TimingPath): number {
    this.#used.add(path);
    return this.profile.timing[path.slice('timing.'.length) as keyof DeviceProfile['timing']] as number;
  }

  lack(what: string): void {
    this.#lacking.add(what);
  }

  /** `count` events; nothing happened costs nothing, whatever it would cost. A number of 0 needs no count. */
  product(path: EnergyPath, count: number | undefined, counter?: string): Stated {
    if (count === 0) return 0;
    const each = this.profile.energy[path.slice('energy.'.length) as keyof DeviceProfile['energy']];
    if (each === null) {
      this.#lacking.add(path);
      return 'unstated';
    }
    this.#used.add(path);
    if (each === 0) return 0;
    if (count !== undefined) return each * count;
    this.#used.delete(path);
    this.#lacking.add(counter ?? path);
    return 'unstated';
  }

  account(): Pick<RunCost, 'lacking' | 'evidence' | 'grade'> {
    const evidence = [...this.#used].map(
      (path): Evidence =>
        this.profile.evidence.find((each) => each.path === path) ?? {
          path,
          source: 'the profile names none',
          grade: 'unconfirmed',
        },
    );
    return { lacking: [...this.#lacking], evidence, grade: weakestGrade(evidence.map(({ grade }) => grade)) };
  }
}

/** What a result of numbers of these grades is worth; null of none. */
export function weakestGrade(grades: readonly EvidenceGrade[]): EvidenceGrade | null {
  return evidenceGrades.findLast((grade) => grades.includes(grade)) ?? null;
}

const sum = (cycles: Readonly<Record<string, number>>): number =>
  Object.values(cycles).reduce((total, each) => total + each, 0);

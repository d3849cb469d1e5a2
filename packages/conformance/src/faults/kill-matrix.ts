/** The kill matrix: every planted fault against checks, as often as the power rule asks for, each run on a fresh device and fresh seeds. */
import { catalogue } from '../checks/catalogue.ts';
import { type Check, type Level, levels } from '../checks/check.ts';
import type { Provider } from '../provider/provider.ts';
import { RandomStream } from '../random/random-stream.ts';
import { caseId } from '../suite/case-id.ts';
import { defaultDeadlines } from '../suite/deadlines.ts';
import { runCase } from '../suite/run-case.ts';
import { seedText } from '../suite/seeds.ts';
import { admittedTolerances, claimedTolerances } from '../suite/tolerances.ts';
import { faults as allFaults } from './catalogue.ts';
import type { MutantRecord } from './mutant-record.ts';
import { levelOf, type PlantedFault, twinId } from './planted-fault.ts';
import { type PowerVerdict, powerVerdict } from './power-rule.ts';

export interface MutantOptions {
  /** Default: all of the catalogue. */
  readonly faults?: readonly PlantedFault[];
  /** Default: all. */
  readonly checks?: readonly Check[];
  /** The highest level whose claims are run, each claim at its own level. */
  readonly level: Level;
  /** Of all random numbers. */
  readonly seed: bigint;
  /** Runs of a cell: so many, or as many as the power rule needs. Default: `rule`. */
  readonly runs?: number | 'rule';
  /** Each fault of the level once, against the first of its checks alone. */
  readonly fast?: boolean;
  /** Which cells: those that a fault names, or every check: those that it does not name at `level`. Default: `named`. */
  readonly cells?: 'named' | 'all';
  /** `faults`, or their twins, which must pass. Default: `faults`. */
  readonly devices?: 'faults' | 'twins';
  readonly signal?: AbortSignal;
  readonly onRecord?: (record: MutantRecord) => void | Promise<void>;
  /** Called when a cell is done. */
  readonly onCell?: (cell: MatrixCell) => void;
  /** Records of an earlier call with the same seed: these runs are not made again. */
  readonly resumeFrom?: readonly MutantRecord[];
}

export interface MatrixCell {
  readonly fault: string;
  readonly case: string;
  readonly level: Level;
  /** Whether the fault names the check. */
  readonly named: boolean;
  /** Runs in which the check failed. */
  readonly kills: number;
  readonly runs: number;
  /** Runs without a verdict about the device: the profile lacks something, or samples were too few. */
  readonly without: number;
  readonly power: PowerVerdict;
  readonly seconds: number;
}

export interface KillMatrix {
  readonly seed: string;
  readonly cells: readonly MatrixCell[];
}

/** Thrown where a fault names a check that there is not. */
export class UnknownCheckError extends Error {
  override readonly name = 'UnknownCheckError';
}

/** Throws UnknownCheckError, HarnessError and the signal's reason; whatever a faulty device does is a cell. */
export async function runMutants(o: MutantOptions): Promise<KillMatrix> {
  const checks = o.checks ?? catalogue;
  const cells: MatrixCell[] = [];
  for (const plan of cellsOf(o.faults ?? allFaults, checks, o)) {
    const cell = await runCell(plan, o);
    cells.push(cell);
    o.onCell?.(cell);
  }
  return { seed: seedText(o.seed), cells };
}

interface CellPlan {
  readonly fault: PlantedFault;
  readonly check: Check;
  readonly level: Level;
  readonly named: boolean;
}

function cellsOf(faults: readonly PlantedFault[], checks: readonly Check[], o: MutantOptions): readonly CellPlan[] {
  const byId = new Map(checks.map((check) => [check.plan.id, check]));
  const chosen = faults.filter(({ twin }) => o.devices !== 'twins' || twin !== undefined);
  return chosen.flatMap((fault) => {
    const named = levels
      .filter((level) => atMost(level, o.level))
      .flatMap((level) => (fault.killedBy[level] ?? []).map((id) => ({ id, level })))
      .flatMap(({ id, level }): readonly CellPlan[] => {
        const check = byId.get(id);
        if (check !== undefined) return [{ fault, check, level, named: true }];
        if (o.checks !== undefined) return [];
        throw new UnknownCheckError(`${fault.id} names ${id}, which is no check`);
      });
    if (o.fast === true) return levelOf(fault) === o.level ? named.slice(0, 1) : [];
    if (o.cells !== 'all' || !atMost(levelOf(fault), o.level)) return named;
    const others = checks.filter(
      ({ plan }) => atMost(plan.level, o.level) && !named.some(({ check }) => check.plan.id === plan.id),
    );
    return [...named, ...others.map((check) => ({ fault, check, level: o.level, named: false }))];
  });
}

const atMost = (a: Level, b: Level): boolean => levels.indexOf(a) <= levels.indexOf(b);

async function runCell({ fault, check, level, named }: CellPlan, o: MutantOptions): Promise<MatrixCell> {
  const twins = o.devices === 'twins';
  const id = twins ? twinId(fault.id) : fault.id;
  const name = caseId(check.plan);
  const known = new Map(
    o.resumeFrom?.filter((r) => r.fault === id && r.case === name && r.level === level).map((r) => [r.run, r]),
  );
  const records: MutantRecord[] = [];
  const killed = (): boolean[] => records.map(({ verdict }) => verdict === 'fail');
  const wanted = o.fast === true ? 1 : (o.runs ?? 'rule');
  const more = (): boolean =>
    wanted === 'rule' && !twins ? powerVerdict(killed()) === 'undecided' : records.length < runsOf(wanted);
  while (more()) {
    o.signal?.throwIfAborted();
    const run = records.length;
    const seed = new RandomStream(o.seed, `mutants/${id}/${name}/${level}/${run}`).bits64();
    const before = known.get(run);
    if (before !== undefined && before.seed === seedText(seed)) {
      records.push(before);
      continue;
    }
    const record = { ...(await runOnce({ fault, check, level, twins, seed }, o)), fault: id, run };
    records.push(record);
    await o.onRecord?.(record);
    // A check that cannot judge the device cannot judge it in the next run either.
    if (record.verdict === 'unsupported') break;
  }
  return {
    fault: id,
    case: name,
    level,
    named,
    kills: killed().filter(Boolean).length,
    runs: records.length,
    without: records.filter(({ verdict }) => verdict === 'unsupported' || verdict === 'inconclusive').length,
    power: powerVerdict(killed()),
    seconds: records.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

/** Of twins: 460 runs without a failure show a pass rate of at least 99 % at 99 % confidence. */
const twinRuns = 460;
const runsOf = (wanted: number | 'rule'): number => (wanted === 'rule' ? twinRuns : wanted);

interface RunPlan {
  readonly fault: PlantedFault;
  readonly check: Check;
  readonly level: Level;
  readonly twins: boolean;
  readonly seed: bigint;
}

async function runOnce(
  { fault, check, level, twins, seed }: RunPlan,
  { signal = new AbortController().signal }: MutantOptions,
): Promise<Omit<MutantRecord, 'fault' | 'run'>> {
  const create = (twins && fault.twin?.create) || fault.create;
  const provider: Provider = { create: async () => create() };
  const profile = structuredClone(create().profile);
  const { deadlineMs } = fault;
  const claimed = claimedTolerances(profile);
  const usual = defaultDeadlines[level];
  const { verdict, reason, seconds } = await runCase(check, {
    provider,
    flags: {},
    profile,
    tolerances: { claimed, admitted: admittedTolerances(claimed, level) },
    level,
    seed,
    deadlines: deadlineMs === undefined ? usual : { callMs: deadlineMs, caseMs: 20 * deadlineMs },
    suspects: false,
    signal,
  });
  return {
    record: 'mutant',
    case: caseId(check.plan),
    level,
    seed: seedText(seed),
    verdict,
    ...(reason === undefined ? {} : { reason }),
    seconds,
  };
}

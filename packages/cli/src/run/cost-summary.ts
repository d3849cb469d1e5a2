/** What `run --cost` adds: what the run took on the device, as far as its profile and counters say. */
import {
  type DeviceProfile,
  type Evidence,
  type EvidenceGrade,
  type RunReport,
  runCost,
  type Stated,
} from '@isinglass/sdk';
import { formatCount, formatShare, formatTable } from '../output/table.ts';

export interface CostSummary {
  /** null where the device counts none. */
  readonly cycles: { readonly total: number; readonly byCause: Readonly<Record<string, number>> } | null;
  /** Of the device: of its own clock where it is emulated. */
  readonly seconds: Stated;
  readonly joules: Stated;
  readonly joulesByTerm: Readonly<Record<string, Stated>>;
  readonly bytesIn: number | null;
  readonly bytesOut: number | null;
  readonly saturations: number | null;
  /** Bits of weights that were fetched from the memory that holds them; null where the device does not count them. */
  readonly memoryBits: number | null;
  /** Work of the run (semantics 3.8), whatever the device. */
  readonly updates: number;
  readonly synapticOperations: number;
  /** Of the device's adders, over all its cycles: 1 where each adds a coupling in every cycle. null where it has none, or counts no cycles. */
  readonly utilisation: number | null;
  /** Numbers that nobody states and that a cost above needs: paths of the profile, or counters. */
  readonly lacking: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly grade: EvidenceGrade | null;
}

/** Of all blocks together, on the device of a profile. */
export function costSummary(report: RunReport, profile: DeviceProfile): CostSummary {
  const { counters } = report;
  const rowSweeps = report.blocks.reduce((sum, { sweeps, chains }) => sum + sweeps * chains * report.images, 0);
  const work = { updates: report.updates, synapticOperations: report.synapticOperations };
  return {
    ...runCost(profile, { work, rowSweeps, counters }),
    bytesIn: counters.bytesIn ?? null,
    bytesOut: counters.bytesOut ?? null,
    saturations: counters.saturations ?? null,
    memoryBits: counters.memoryBits ?? null,
    ...work,
    utilisation: share(work.synapticOperations, counters.synapticOperationsMax),
  };
}

export function formatCost(cost: CostSummary): string {
  const { cycles, seconds, joules, grade, lacking } = cost;
  const causes = Object.entries(cycles?.byCause ?? {}).filter(([, count]) => count > 0);
  const rows: (readonly [string, string])[] = [
    ['device seconds', seconds === 'unstated' ? seconds : seconds.toPrecision(4)],
    ['joules', joules === 'unstated' ? joules : joules.toPrecision(4)],
    ...(cycles === null ? [] : [['cycles', formatCount(cycles.total)] as const]),
    ...causes.map(
      ([cause, count]) => [`  ${cause}`, `${formatCount(count)} (${percent(count, cycles?.total)})`] as const,
    ),
    ...counted('bytes in', cost.bytesIn),
    ...counted('bytes out', cost.bytesOut),
    ...counted('memory bits', cost.memoryBits),
    ...counted('saturations', cost.saturations),
    ...(cost.utilisation === null ? [] : [['adders in use', formatShare(cost.utilisation)] as const]),
    ...(grade === null ? [] : [['evidence', `${grade} at its weakest`] as const]),
    ...(lacking.length === 0 ? [] : [['not stated', lacking.join(', ')] as const]),
  ];
  return formatTable(rows);
}

const counted = (name: string, count: number | null): (readonly [string, string])[] =>
  count === null ? [] : [[name, formatCount(count)]];

/** null where there is nothing to share in. */
const share = (count: number, total = 0): number | null => (total === 0 ? null : count / total);

const percent = (count: number, total = count): string => `${((100 * count) / total).toFixed(1)} %`;

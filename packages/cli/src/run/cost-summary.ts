/** What `run --cost` adds: what the run took on the device, as far as its profile and counters say. */
import {
  type DeviceProfile,
  type Evidence,
  type EvidenceGrade,
  type RunReport,
  runCost,
  type Stated,
} from '@isinglass/sdk';
import { formatCount, formatTable } from '../output/table.ts';

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
      ([cause, count]) => [`  ${cause}`, `${formatCount(count)} (${share(count, cycles?.total)})`] as const,
    ),
    ...counted('bytes in', cost.bytesIn),
    ...counted('bytes out', cost.bytesOut),
    ...counted('saturations', cost.saturations),
    ...(grade === null ? [] : [['evidence', `${grade} at its weakest`] as const]),
    ...(lacking.length === 0 ? [] : [['not stated', lacking.join(', ')] as const]),
  ];
  return formatTable(rows);
}

const counted = (name: string, count: number | null): (readonly [string, string])[] =>
  count === null ? [] : [[name, formatCount(count)]];

const share = (count: number, total = count): string => `${((100 * count) / total).toFixed(1)} %`;

/** What a person reads: one line a row, then ratios to peers, then changes since an earlier run. */
import { formatTable } from '@isinglass/cli';
import type { BenchRow } from '../rows/bench-row.ts';
import type { BenchDocument } from './bench-document.ts';
import type { RowChange } from './compare-rows.ts';
import type { Ratio } from './ratios.ts';

export function formatReport(document: BenchDocument): string {
  const { machine, size, rows, failures, disagreements, ratios, changes } = document;
  const gib = (machine.memoryBytes / 2 ** 30).toFixed(0);
  const parts = [
    `${machine.processor}, ${machine.threads} threads, ${gib} GiB, ${machine.system}, Node ${machine.node}, commit ${machine.commit ?? 'unknown'}\n`,
    size === 'quick' ? 'Quick sizes: these figures compare with nothing.\n' : '',
    `\n${rowTable(rows)}`,
    `\n${legend}`,
    ...descriptions(rows),
    ratios.length === 0 ? '' : `\n${ratioTable(ratios)}`,
    changes.length === 0 ? '' : `\n${changeTable(changes)}`,
    ...disagreements.map(
      (d) =>
        `\nAnother energy: ${d.implementation}, ${d.variant} on ${d.workload}: ${d.energyPerSpin.toFixed(5)} a spin, the median is ` +
        `${d.medianEnergyPerSpin.toFixed(5)} and ${d.tolerance} may be between\n`,
    ),
    ...failures.map(
      (f) => `\nNot measured: ${f.implementation}${f.workload === null ? '' : ` on ${f.workload}`}: ${f.message}\n`,
    ),
  ];
  return parts.join('');
}

const legend = `GSOP/s: median over passes, [worst, best pass]. CPU: CPU time over wall-clock time and threads; well below 100 %, something else
had the core. field: share of a sweep that the couplings take. Philox: random numbers alone, ns an update,
and their share of the sweep. loop: p99 of the main thread's delay, ms. peak: resident memory of the process.
`;

/** A line for each device that is in the table. */
function descriptions(rows: readonly BenchRow[]): readonly string[] {
  const devices = new Map(
    rows.flatMap(({ device }) => (device === undefined ? [] : [[device.uri, device.description] as const])),
  );
  return [...devices].map(([uri, description], n) => `${n === 0 ? '\n' : ''}${uri}: ${description}\n`);
}

function rowTable(rows: readonly BenchRow[]): string {
  const head = [
    'workload',
    'implementation',
    'variant',
    'threads',
    'GSOP/s',
    '',
    'updates/ns',
    'E/spin',
    'CPU',
    'field',
    'Philox',
    'loop',
    'peak',
  ];
  return formatTable(rows.map(cellsOf), { head });
}

function cellsOf(row: BenchRow): readonly string[] {
  const { spread, device } = row;
  return [
    row.workload,
    row.implementation,
    row.variant,
    String(row.threads ?? '–'),
    formatRate(row.gsopPerSecond),
    `[${formatRate(spread.passWorst)}, ${formatRate(spread.passBest)}]`,
    formatRate(row.updatesPerNs),
    row.checkEnergyPerSpin?.toFixed(5) ?? '–',
    percent(row.cpuShare),
    percent(device?.kernelShare ?? null),
    philoxOf(row),
    device?.loopDelayP99Ms.toFixed(1) ?? '–',
    device === undefined ? '–' : `${(device.peakBytes / 2 ** 20).toFixed(0)} MiB`,
  ];
}

/** In one thread; the share is of the time of all threads. */
function philoxOf({ device, updatesPerNs, threads }: BenchRow): string {
  const ns = device?.philoxNsPerUpdate ?? null;
  return ns === null ? '–' : `${ns.toFixed(2)} (${percent((ns * updatesPerNs) / (threads ?? 1))})`;
}

function ratioTable(ratios: readonly Ratio[]): string {
  const head = ['workload', 'threads', 'ours', 'best peer', '', 'ratio', 'range', 'best/best', 'E/spin', 'peer'];
  const cells = ratios.map((r) => [
    r.workload,
    String(r.threads ?? '–'),
    `${formatRate(r.gsopPerSecond)} ${r.variant}`,
    formatRate(r.peerGsopPerSecond),
    r.peer,
    `${r.ratio.toFixed(2)}×`,
    `[${r.ratioLowest.toFixed(2)}, ${r.ratioHighest.toFixed(2)}]`,
    `${r.ratioOfBest.toFixed(2)}×`,
    r.checkEnergyPerSpin?.toFixed(5) ?? '–',
    r.peerCheckEnergyPerSpin?.toFixed(5) ?? '–',
  ]);
  return formatTable(cells, { head });
}

function changeTable(changes: readonly RowChange[]): string {
  const head = ['workload', 'implementation', 'variant', 'threads', 'before', 'now', 'slower by', ''];
  const cells = changes.map((c) => [
    c.workload,
    c.implementation,
    c.variant,
    String(c.threads ?? '–'),
    formatRate(c.gsopPerSecondBefore),
    formatRate(c.gsopPerSecond),
    `${c.slowdown.toFixed(2)}×`,
    c.tooSlow ? 'TOO SLOW' : '',
  ]);
  return formatTable(cells, { head });
}

/** Three significant digits. */
export const formatRate = (rate: number): string => (rate >= 100 ? rate.toFixed(0) : rate.toPrecision(3));

const percent = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(0)} %`);

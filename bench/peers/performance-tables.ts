#!/usr/bin/env node
/**
 * `node bench/peers/performance-tables.ts [FILE]`: the Markdown of docs/performance.md from one result of
 * `pnpm bench --peers` (default: the latest). Prints nothing that the file does not say.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BenchDocument, parseBenchDocument } from '../src/report/bench-document.ts';
import { formatRate } from '../src/report/format-report.ts';
import { type Ratio, ratiosOf } from '../src/report/ratios.ts';
import type { BenchRow } from '../src/rows/bench-row.ts';

export type Measured = Pick<BenchDocument, 'startedAt' | 'command' | 'machine' | 'rows'>;

/** Three parts: where and how, ratios, every row. */
export function performanceTables({ startedAt, command, machine, rows }: Measured): string {
  const gib = (machine.memoryBytes / 2 ** 30).toFixed(0);
  return [
    `Measured ${startedAt.slice(0, 10)} on ${machine.processor}, ${machine.threads} threads, ${gib} GiB, ${machine.system}, Node ${machine.node},`,
    `commit ${machine.commit ?? 'unknown'}, by \`${['pnpm --silent bench', ...withoutPaths(command)].join(' ')}\`.`,
    '',
    ...table(
      ['', 'threads', 'ours', 'GSOP/s', 'best peer', 'GSOP/s', 'ratio', 'range', 'E/spin ours', 'peer'],
      ratiosOf(rows).map(ratioCells),
    ),
    '',
    ...table(
      ['', 'ours ÷ each peer’s best variant that samples'],
      [...Map.groupBy(ratiosOf(rows), ({ workload }) => workload)].map(([workload, ratios]) => [
        workload,
        ratios.map((ratio) => perPeer(ratio, rows)).join('; '),
      ]),
    ),
    '',
    ...table(
      ['', 'implementation', 'variant', 'threads', 'GSOP/s', 'worst, best pass', 'updates/ns', 'E/spin', 'CPU share'],
      rows.map(rowCells),
    ),
    '',
  ].join('\n');
}

/** Where a result was written is nobody's affair. */
const withoutPaths = (command: readonly string[]): readonly string[] =>
  command.filter((word, i) => !/^--(out|against)/.test(word) && !/^--(out|against)$/.test(command[i - 1] ?? ''));

const ratioCells = (r: Ratio): readonly string[] => [
  r.workload,
  String(r.threads ?? '–'),
  r.variant,
  formatRate(r.gsopPerSecond),
  r.peer,
  formatRate(r.peerGsopPerSecond),
  `**${r.ratio.toFixed(2)}**`,
  `${r.ratioLowest.toFixed(2)} – ${r.ratioHighest.toFixed(2)}`,
  formatEnergy(r.checkEnergyPerSpin),
  formatEnergy(r.peerCheckEnergyPerSpin),
];

/** `1 thread: pytorch 2.3, numpy 40`. */
function perPeer({ workload, threads, gsopPerSecond }: Ratio, rows: readonly BenchRow[]): string {
  const peers = rows.filter(
    (row) => row.workload === workload && row.threads === threads && row.samples && row.device === undefined,
  );
  const best = [...Map.groupBy(peers, ({ implementation }) => implementation)].map(([implementation, of]) => ({
    implementation,
    ratio: gsopPerSecond / Math.max(...of.map((row) => row.gsopPerSecond)),
  }));
  const sorted = best.toSorted((a, b) => a.ratio - b.ratio);
  const said = sorted.map(({ implementation, ratio }) => `${implementation} ${formatRate(ratio)}×`);
  return `${threads === 1 ? '1 thread' : `${threads ?? '–'} threads`}: ${said.join(', ')}`;
}

const rowCells = (row: BenchRow): readonly string[] => [
  row.workload,
  row.implementation,
  row.variant,
  String(row.threads ?? '–'),
  formatRate(row.gsopPerSecond),
  `${formatRate(row.spread.passWorst)}, ${formatRate(row.spread.passBest)}`,
  row.samples ? formatRate(row.updatesPerNs) : '–',
  formatEnergy(row.checkEnergyPerSpin),
  row.cpuShare === null ? '–' : row.cpuShare.toFixed(2),
];

const formatEnergy = (energy: number | null): string => (energy === null ? '–' : energy.toFixed(5));

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

if (import.meta.main) {
  const file = process.argv[2] ?? fileURLToPath(new URL('../results/latest.json', import.meta.url));
  const text = readFileSync(file, 'utf8');
  parseBenchDocument(text, file);
  process.stdout.write(performanceTables(JSON.parse(text) as Measured));
}

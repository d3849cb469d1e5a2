/**
 * Runs the conformance suite many times on a device that follows the law, and says how often it fails:
 *
 *   node tools/conformance-null-record.ts --record FILE.jsonl [--device cpu?threads=1] [--level quick] [--base 0x…] [--from 0] [--runs 300]
 *   node tools/conformance-null-record.ts --table FILE.jsonl [FILE.jsonl …]
 *
 * A record grows by a line a run; runs that it has are not made again, so it can be stopped and gone on with, and parts be made side by side. `--table`
 * writes the table of one or more records into docs/conformance.md, between the marks of the null record.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import cpu from '@isinglass/backend-cpu';
import { type Level, levels, type NullRun, nullRecordMarkdown, recordNullRuns } from '@isinglass/conformance';
import { silentLogger } from '@isinglass/sdk';
import { repositoryRoot } from './workspace/read-workspace.ts';

interface RecordHeader {
  readonly device: string;
  readonly level: Level;
  readonly base: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    record: { type: 'string' },
    table: { type: 'boolean', default: false },
    device: { type: 'string', default: 'cpu?threads=1' },
    level: { type: 'string', default: 'quick' },
    base: { type: 'string', default: '0x20261122' },
    from: { type: 'string', default: '0' },
    runs: { type: 'string', default: '300' },
  },
});

if (values.table) writeTable(positionals);
else if (values.record !== undefined) await record(values.record);
else throw new Error('say --record FILE.jsonl, or --table with records');

async function record(path: string): Promise<void> {
  const level = levels.find((each) => each === values.level);
  if (level === undefined) throw new Error(`--level is ${values.level}: one of ${levels.join(', ')}`);
  const provider = { create: () => cpu.open(values.device, { logger: silentLogger }) };
  const own: RecordHeader = { device: values.device, level, base: values.base };
  const known = existsSync(path) ? readRecord(path) : null;
  if (known === null) appendFileSync(path, `${JSON.stringify(own)}\n`);
  else if (JSON.stringify(known.header) !== JSON.stringify(own)) {
    throw new Error(`${path} is a record of ${JSON.stringify(known.header)}, not of ${JSON.stringify(own)}`);
  }
  const made = new Set(known?.runs.map(({ run }) => run));
  const wanted = Array.from({ length: Number(values.runs) }, (_, n) => Number(values.from) + n);
  await recordNullRuns({
    provider,
    level,
    base: BigInt(values.base),
    runs: wanted.filter((run) => !made.has(run)),
    onRun: (run) => {
      appendFileSync(path, `${JSON.stringify(run)}\n`);
      const against = run.cases.filter(({ verdict }) => verdict !== 'pass');
      const what = against.map((each) => `${each.case} ${each.verdict}`).join(', ') || 'all pass';
      process.stdout.write(`run ${run.run}: ${what}, ${run.seconds.toFixed(1)} s\n`);
    },
  });
}

function writeTable(paths: readonly string[]): void {
  const records = paths.map(readRecord);
  const [first] = records;
  if (first === undefined) throw new Error('--table needs a record');
  const headers = new Set(records.map(({ header }) => JSON.stringify(header)));
  if (headers.size > 1) throw new Error(`the records are of different devices or levels: ${[...headers].join('; ')}`);
  const { header } = first;
  const table = nullRecordMarkdown(
    records.flatMap(({ runs }) => runs),
    { ...header, base: BigInt(header.base) },
  );
  const path = join(repositoryRoot, 'docs/conformance.md');
  const text = readFileSync(path, 'utf8');
  const marked = /(<!-- null-record -->\n)[\s\S]*?(<!-- \/null-record -->)/;
  if (!marked.test(text)) throw new Error('docs/conformance.md has no marks of the null record');
  writeFileSync(
    path,
    text.replace(marked, (_, begin: string, end: string) => `${begin}\n${table}\n${end}`),
  );
  process.stdout.write(table);
}

/** A last line that was cut off when the record was stopped is left out. */
function readRecord(path: string): { header: RecordHeader; runs: readonly NullRun[] } {
  const lines = readFileSync(path, 'utf8').split('\n');
  const [header, ...runs] = lines.slice(0, -1).map((line) => JSON.parse(line) as unknown);
  return { header: header as RecordHeader, runs: runs as NullRun[] };
}

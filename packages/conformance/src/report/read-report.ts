/** report.jsonl as text → the report. A last line that was cut, as by a killed process, is left out. */
import {
  type BegunRecord,
  type CaseRecord,
  type FooterRecord,
  type HeaderRecord,
  type ReportRecord,
  reportFormat,
  type StoppedRecord,
  type UnfinishedReport,
} from './records.ts';

/** Thrown for what is no report. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
}

export interface ReadReport extends UnfinishedReport {
  readonly begun: readonly string[];
  /** Whether the last line was incomplete. */
  readonly cut: boolean;
}

/** Throws ReportError for lines that are no records, a missing header, or records after the footer; says nothing of their truth (see verifyReport). */
export function readReport(text: string): ReadReport {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  return { ...reportOfRecords(lines.map((line, n) => parseLine(line, n + 1))), cut: last !== '' };
}

/** Records in the order in which a run wrote them → its report. Throws ReportError for a missing header, or records after the footer. */
export function reportOfRecords(records: readonly ReportRecord[]): Omit<ReadReport, 'cut'> {
  const [header, ...rest] = records;
  if (header?.record !== 'header') throw new ReportError('line 1 is no header');
  if (header.format !== reportFormat) {
    throw new ReportError(`the format is ${JSON.stringify(header.format)}; this suite reads ${reportFormat}`);
  }
  const cases: CaseRecord[] = [];
  let begun: string[] = [];
  let footer: FooterRecord | null = null;
  for (const [n, record] of rest.entries()) {
    if (footer !== null) throw new ReportError(`line ${n + 2} stands after the footer`);
    switch (record.record) {
      case 'header':
        throw new ReportError(`line ${n + 2} is a second header`);
      case 'begun':
        begun.push(record.case);
        break;
      case 'stopped':
        begun = begun.filter((id, at) => id !== record.case || at !== begun.lastIndexOf(id));
        break;
      case 'case':
        begun = begun.filter((id) => id !== record.case);
        cases.push(record);
        break;
      case 'footer':
        footer = record;
        break;
      default:
        record satisfies never;
    }
  }
  return { header, cases, begun, footer };
}

const required: Readonly<Record<ReportRecord['record'], readonly string[]>> = {
  header: ['format', 'suite', 'level', 'seed', 'shard', 'selected', 'tolerances'] satisfies (keyof HeaderRecord)[],
  begun: ['case'] satisfies (keyof BegunRecord)[],
  stopped: ['case'] satisfies (keyof StoppedRecord)[],
  case: ['case', 'chapter', 'kind', 'verdict', 'stages', 'errors', 'seconds'] satisfies (keyof CaseRecord)[],
  footer: ['verdict', 'counts', 'claim', 'digest', 'seconds'] satisfies (keyof FooterRecord)[],
};

function parseLine(line: string, number: number): ReportRecord {
  let record: unknown;
  try {
    record = JSON.parse(line);
  } catch (cause) {
    throw new ReportError(`line ${number} is no JSON`, { cause });
  }
  const kind = (record as { record?: unknown } | null)?.record;
  if (!isKind(kind)) throw new ReportError(`line ${number} is no record`);
  const missing = required[kind].filter((key) => !(key in (record as object)));
  if (missing.length > 0) throw new ReportError(`line ${number}, a ${kind}, has no ${missing.join(', ')}`);
  return record as ReportRecord;
}

const isKind = (kind: unknown): kind is ReportRecord['record'] =>
  typeof kind === 'string' && Object.hasOwn(required, kind);

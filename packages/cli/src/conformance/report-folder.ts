/** The folder of a report: report.jsonl, written line by line so that a killed run can be resumed, and what people read. */
import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ReadReport, ReportError, type ReportRecord, readReport, recordLine } from '@isinglass/conformance';
import { InvalidRequestError } from '@isinglass/sdk';
import { readInputFile } from '../images/input-file.ts';
import { writeFile } from '../output/write-file.ts';

export const reportName = 'report.jsonl';

/** A report by its file or its folder. Throws InvalidRequestError where there is none, or it is none. */
export function readReportFile(path: string): ReadReport {
  const file = path.endsWith('.jsonl') ? path : join(path, reportName);
  const text = new TextDecoder().decode(readInputFile(file));
  try {
    return readReport(text);
  } catch (cause) {
    if (!(cause instanceof ReportError)) throw cause;
    throw new InvalidRequestError(`${file} is no report: ${cause.message}`, { where: file, cause });
  }
}

/** A folder that a run writes its report into. */
export class ReportFolder {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  get file(): string {
    return join(this.#folder, reportName);
  }

  /**
   * Makes the folder. With `resume`, what its unfinished report has, cut to whole lines. Throws InvalidRequestError for an unfinished report that
   * would be lost, and where there is nothing to resume.
   */
  static open(
    folder: string,
    { resume }: { readonly resume: boolean },
  ): { folder: ReportFolder; earlier?: ReadReport } {
    const opened = new ReportFolder(folder);
    const there = existsSync(opened.file) ? readReportFile(opened.file) : undefined;
    if (resume) {
      if (there === undefined || there.footer !== null) {
        const what = there === undefined ? 'has no report' : 'has a finished report';
        throw new InvalidRequestError(`--resume: ${folder} ${what}`, { where: '--resume' });
      }
      opened.write(reportName, [there.header, ...there.cases].map(recordLine).join(''));
      return { folder: opened, earlier: there };
    }
    if (there !== undefined && there.footer === null) {
      const fix = 'go on with --resume, or remove it';
      throw new InvalidRequestError(`${opened.file} is the report of a run that was stopped: ${fix}`, {
        where: '--out',
      });
    }
    mkdirSync(folder, { recursive: true });
    opened.write(reportName, '');
    return { folder: opened };
  }

  append(record: ReportRecord): void {
    appendFileSync(this.file, recordLine(record));
  }

  write(name: string, text: string): void {
    writeFile(join(this.#folder, name), new TextEncoder().encode(text));
  }
}

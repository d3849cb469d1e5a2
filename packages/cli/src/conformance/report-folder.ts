/** The folder of a report: report.jsonl, written line by line so that a killed run can be resumed, and what people read. */
import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadReport, ReportRecord } from '@isinglass/conformance';
import { InvalidRequestError } from '@isinglass/sdk';
import { readInputFile } from '../images/input-file.ts';
import { writeFile } from '../output/write-file.ts';
import { asUsage, conformance } from './suite.ts';

export const reportName = 'report.jsonl';

/** A report by its file or its folder. Throws InvalidRequestError where there is none, or it is none. */
export async function readReportFile(path: string): Promise<ReadReport> {
  const file = path.endsWith('.jsonl') ? path : join(path, reportName);
  return parseReport(readText(file), file);
}

const readText = (file: string): string => new TextDecoder().decode(readInputFile(file));

async function parseReport(text: string, file: string): Promise<ReadReport> {
  const { readReport } = await conformance();
  return asUsage(async () => readReport(text), file);
}

/** A folder that a run writes its report into. */
export class ReportFolder {
  readonly #folder: string;
  readonly #line: (record: ReportRecord) => string;

  private constructor(folder: string, line: (record: ReportRecord) => string) {
    this.#folder = folder;
    this.#line = line;
  }

  get file(): string {
    return join(this.#folder, reportName);
  }

  /**
   * Makes the folder. With `resume`, what its unfinished report has, cut to whole lines. Throws InvalidRequestError for an unfinished report that
   * would be lost, and where there is nothing to resume.
   */
  static async open(
    folder: string,
    { resume }: { readonly resume: boolean },
  ): Promise<{ folder: ReportFolder; earlier?: ReadReport }> {
    const { recordLine } = await conformance();
    const opened = new ReportFolder(folder, recordLine);
    // Without a whole line a file holds nothing that could be lost.
    const text = existsSync(opened.file) ? wholeLines(readText(opened.file)) : '';
    const there = text === '' ? undefined : await parseReport(text, opened.file);
    if (resume) {
      if (there === undefined || there.footer !== null) {
        const what = there === undefined ? 'has no report' : 'has a finished report';
        throw new InvalidRequestError(`--resume: ${folder} ${what}`, { where: '--resume' });
      }
      opened.write(reportName, text);
      return { folder: opened, earlier: there };
    }
    if (there !== undefined && there.footer === null) {
      throw new InvalidRequestError(
        `${opened.file} is the report of a run that was stopped: go on with --resume, or remove it`,
        { where: '--out' },
      );
    }
    mkdirSync(folder, { recursive: true });
    opened.write(reportName, '');
    return { folder: opened };
  }

  /** On the disk when it returns: the process may end in the next moment, and the machine with it. */
  append(record: ReportRecord): void {
    appendFileSync(this.file, this.#line(record), { flush: true });
  }

  write(name: string, text: string): void {
    writeFile(join(this.#folder, name), new TextEncoder().encode(text));
  }
}

/** Without a last line that was cut. */
const wholeLines = (text: string): string => text.slice(0, text.lastIndexOf('\n') + 1);

/** A report as JUnit XML, for CI: a suite per chapter, a test per case. */
import { chapters } from '../checks/check.ts';
import { type ExplainOptions, explainCase } from './explain.ts';
import { type Markup, markup } from './markup.ts';
import type { CaseRecord, Report } from './records.ts';

/** Failures and inconclusive cases are failures (a pass is earned); unsupported ones are skipped, with the reason. */
export function junitXml({ header, cases, footer }: Report, planOf: (id: string) => ExplainOptions['plan']): string {
  const counted = (list: readonly CaseRecord[], ...verdicts: readonly string[]): number =>
    list.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const attributes = (list: readonly CaseRecord[]): Markup =>
    markup`tests="${list.length}" failures="${counted(list, 'fail', 'inconclusive')}" errors="0" skipped="${counted(list, 'unsupported')}" time="${list.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(3)}"`;
  const suites = chapters.flatMap((chapter) => {
    const list = cases.filter((record) => record.chapter === chapter);
    if (list.length === 0) return [];
    return [
      markup`  <testsuite name="${chapter}" timestamp="${header.startedAt.slice(0, 19)}" ${attributes(list)}>\n${list.map((record) => testCase(record, planOf))}  </testsuite>\n`,
    ];
  });
  const document = markup`<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${`isinglass conformance ${header.level}: ${footer.claim}`}" ${attributes(cases)}>\n${suites}</testsuites>\n`;
  return document.text;
}

function testCase(record: CaseRecord, planOf: (id: string) => ExplainOptions['plan']): Markup {
  const start = markup`    <testcase name="${record.case}" classname="${`isinglass.${record.chapter}`}" time="${record.seconds.toFixed(3)}"`;
  switch (record.verdict) {
    case 'pass':
      return markup`${start}/>\n`;
    case 'unsupported':
      return markup`${start}><skipped message="${record.reason ?? ''}"/></testcase>\n`;
    case 'inconclusive':
    case 'fail': {
      const text = explainCase({ record, plan: planOf(record.case) });
      return markup`${start}><failure type="${record.verdict}" message="${record.reason ?? record.verdict}">${text}</failure></testcase>\n`;
    }
    default:
      return record.verdict satisfies never;
  }
}

/** A report as one page of Markdown. */
import { chapters } from '../checks/check.ts';
import { shardText } from '../suite/shard.ts';
import { effectText, pText } from './numbers.ts';
import type { CaseRecord, Report } from './records.ts';

export function summaryMarkdown({ header, cases, footer }: Report): string {
  const { counts } = footer;
  const facts: readonly (readonly [string, string])[] = [
    ['device', header.profile === null ? header.device : `${header.profile.vendor} ${header.profile.name}`],
    ['opened as', header.device],
    ['level', header.level],
    ['seed', header.seed],
    ['shard', shardText(header.shard)],
    ['checks', header.only === null ? 'all of the level' : header.only],
    ['suite', `${header.suite.version} ${header.suite.manifest}`],
    ['profile', header.profileHash ?? 'none'],
    [
      'where',
      Object.entries(header.environment)
        .map(([key, value]) => `${key} ${value}`)
        .join(', '),
    ],
    ['started', header.startedAt],
    ['seconds', footer.seconds.toFixed(1)],
    ['digest', footer.digest],
  ];
  const lines = [
    `# Conformance: ${footer.verdict}`,
    '',
    `\`${code(footer.claim)}\``,
    '',
    `${counts.pass} passed, ${counts.fail} failed, ${counts.inconclusive} inconclusive, ${counts.unsupported} unsupported.`,
    '',
    '| | |',
    '|---|---|',
    ...facts.map(([key, value]) => `| ${key} | ${cell(value)} |`),
    '',
    '| check | chapter | verdict | smallest p | largest effect | why |',
    '|---|---|---|---|---|---|',
    ...chapters.flatMap((chapter) => cases.filter((record) => record.chapter === chapter)).map(caseRow),
  ];
  return `${lines.join('\n')}\n`;
}

function caseRow(record: CaseRecord): string {
  const hypotheses = record.stages.at(-1)?.hypotheses ?? [];
  const [worst] = hypotheses.toSorted((a, b) => a.p - b.p);
  const p = worst === undefined ? '' : pText(worst.adjusted);
  const effect = worst?.effect === undefined ? '' : effectText(worst.effect);
  const cells = [record.case, record.chapter, record.verdict, p, effect, record.reason ?? ''];
  return `| ${cells.map(cell).join(' | ')} |`;
}

/** Texts of devices stand in a cell as text: no line breaks, nothing that Markdown or HTML would take for its own. */
function cell(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>|&#]/g, (character) => `\\${character}`);
}

/** Between backticks nothing has a meaning but the backtick. */
const code = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll('`', "'");

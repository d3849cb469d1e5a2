/** A report as one HTML page without anything from outside: verdict, claim, tables by chapter, plots. */
import { chapters } from '../checks/check.ts';
import { shardText } from '../suite/shard.ts';
import { caseDetails, type HtmlPageOptions } from './html-case.ts';
import { htmlStyle } from './html-style.ts';
import { Markup, markup } from './markup.ts';
import { effectText, pText } from './numbers.ts';
import { effectBar } from './plots.ts';
import type { CaseRecord, Report, Verdict } from './records.ts';

const verdictNames: Readonly<Record<Verdict, string>> = {
  pass: 'pass',
  fail: 'fail',
  inconclusive: 'inconclusive',
  unsupported: 'unsupported',
};

export function htmlPage(report: Report, o: HtmlPageOptions): string {
  const { header, cases, footer } = report;
  const name = header.profile === null ? header.device : `${header.profile.vendor} ${header.profile.name}`;
  const used = chapters.filter((chapter) => cases.some((record) => record.chapter === chapter));
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${`Conformance of ${name}: ${footer.verdict}`}</title>
<style>${new Markup(htmlStyle)}</style>
</head>
<body>
<header>
<h1>Conformance of ${name}</h1>
<p><span class="verdict ${footer.verdict}">${footer.verdict.toUpperCase()}</span> at level ${header.level}: ${countsText(report)}, ${footer.seconds.toFixed(1)} s.</p>
<p class="claim ${footer.verdict}"><code>${footer.claim}</code></p>
</header>
<main>
<h2 id="chapters">Chapters</h2>
${chapterTable(used, cases)}
${used.map((chapter) => chapterSection(chapter, cases, o))}
<h2 id="details">Case by case</h2>
<p class="quiet">A statistical check fails only if a first run and a second one on fresh seeds with four times the samples both reject the law at 10⁻³ after Holm’s correction. Intervals are 99.9 %.</p>
${cases.map((record) => caseDetails(record, cases, o))}
<h2 id="run">The run</h2>
${facts(report)}
${profileDetails(report)}
</main>
</body>
</html>
`;
  return page.text;
}

function countsText({ footer: { counts } }: Report): string {
  return `${counts.pass} passed, ${counts.fail} failed, ${counts.inconclusive} inconclusive, ${counts.unsupported} unsupported`;
}

function chapterTable(used: readonly string[], cases: readonly CaseRecord[]): Markup {
  const verdicts = Object.keys(verdictNames) as Verdict[];
  const rows = used.map((chapter) => {
    const list = cases.filter((record) => record.chapter === chapter);
    const cells = verdicts.map((verdict) => {
      const count = list.filter((record) => record.verdict === verdict).length;
      return markup`<td class="number ${count > 0 ? verdict : 'quiet'}">${count}</td>`;
    });
    return markup`<tr><th scope="row"><a href="#${`chapter-${chapter}`}">${chapter}</a></th>${cells}</tr>`;
  });
  const head = verdicts.map((verdict) => markup`<th scope="col" class="number">${verdictNames[verdict]}</th>`);
  return markup`<div class="scroll"><table class="counts"><thead><tr><th scope="col">chapter</th>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function chapterSection(chapter: string, cases: readonly CaseRecord[], o: HtmlPageOptions): Markup {
  const rows = cases.filter((record) => record.chapter === chapter).map((record) => caseRow(record, o));
  return markup`<section aria-labelledby="${`chapter-${chapter}`}"><h2 id="${`chapter-${chapter}`}">${chapter}</h2>
<div class="scroll"><table><thead><tr><th scope="col">check</th><th scope="col">what a pass says</th><th scope="col">verdict</th><th scope="col" class="number">smallest p after Holm</th><th scope="col">effect, 99.9 % interval</th></tr></thead><tbody>${rows}</tbody></table></div></section>
`;
}

function caseRow(record: CaseRecord, { planOf }: HtmlPageOptions): Markup {
  const hypotheses = record.stages.at(-1)?.hypotheses ?? [];
  const [worst] = hypotheses.toSorted((a, b) => a.p - b.p);
  const shown = hypotheses.toSorted((a, b) => a.p - b.p).find(({ effect }) => effect !== undefined)?.effect;
  const p = worst === undefined ? '' : pText(worst.adjusted);
  const effect =
    shown === undefined ? markup`` : markup`${effectBar(shown)}<br><span class="quiet">${effectText(shown)}</span>`;
  return markup`<tr><th scope="row"><a href="#${`case-${record.case}`}"><code>${record.case}</code></a></th><td>${planOf(record.case)?.title ?? ''}</td><td><span class="verdict ${record.verdict}">${verdictNames[record.verdict]}</span></td><td class="number">${p}</td><td>${effect}</td></tr>
`;
}

function facts({ header, footer }: Report): Markup {
  const { claimed, admitted } = header.tolerances;
  const list: readonly (readonly [string, string])[] = [
    ['opened as', [header.device, ...Object.entries(header.flags).map(([key, value]) => `${key}=${value}`)].join(' ')],
    ['specification', header.specification],
    ['suite', `${header.suite.version}, ${header.suite.manifest}`],
    ['profile', header.profileHash ?? 'none'],
    ['seed', header.seed],
    ['shard', shardText(header.shard)],
    ['checks', header.only ?? 'all of the level'],
    ['tolerances claimed', JSON.stringify(claimed)],
    ['tolerances admitted', JSON.stringify(admitted)],
    ['deadlines', `${header.deadlines.callMs} ms a call, ${header.deadlines.caseMs} ms a case`],
    ...Object.entries(header.environment),
    ['started', header.startedAt],
    ['ended', footer.endedAt],
    ['digest of the records', footer.digest],
  ];
  return markup`<dl>${list.map(([key, value]) => markup`<dt>${key}</dt><dd>${value}</dd>`)}</dl>
`;
}

function profileDetails({ header: { profile } }: Report): Markup {
  if (profile === null) return markup``;
  return markup`<details><summary>Profile of the device</summary><pre>${JSON.stringify(profile, null, 2)}</pre></details>
`;
}

/** One case on the report page: its plan, what was found, plots. Open where something is wrong. */
import type { CheckPlan } from '../checks/check.ts';
import { type Markup, markup } from './markup.ts';
import { effectText, numberText, pText } from './numbers.ts';
import { effectBar, observedPlot } from './plots.ts';
import type { CaseRecord, HypothesisRecord, StageRecord } from './records.ts';
import { isRejected, rankedSuspects } from './suspects.ts';

export interface HtmlPageOptions {
  /** The plan of a case, by its id with version; undefined for one of another suite. */
  readonly planOf: (id: string) => CheckPlan | undefined;
  readonly faultTitle?: (fault: string) => string | undefined;
}

/** Rows of a table of hypotheses or findings; report.jsonl has all. */
const rowsMax = 12;

export function caseDetails(record: CaseRecord, cases: readonly CaseRecord[], o: HtmlPageOptions): Markup {
  const plan = o.planOf(record.case);
  const open = record.verdict === 'fail' || record.verdict === 'inconclusive' ? markup` open` : markup``;
  const reason = record.reason === undefined ? markup`` : markup`<p>${record.reason}</p>`;
  return markup`<details id="${`case-${record.case}`}"${open}><summary><code>${record.case}</code> <span class="verdict ${record.verdict}">${record.verdict}</span> <span class="quiet">${plan?.title ?? ''} (${record.seconds.toFixed(2)} s)</span></summary>
${reason}${plan === undefined ? markup`` : planList(plan)}${record.errors.map(({ name, code, message, from }) => markup`<p class="fail">${from ?? 'thrown'}: ${name} ${code ?? ''}: ${message}</p>`)}${record.stages.map(stageSection)}${suspectList(record, cases, o)}</details>
`;
}

function planList(plan: CheckPlan): Markup {
  const list: readonly (readonly [string, string])[] = [
    ['how', plan.how],
    ['statistic', plan.statistic],
    ['samples', plan.samples],
    ['clauses', plan.clauses.join(', ')],
    ['finds', plan.kills.join(', ')],
    ['blind to', plan.blindTo.join(', ')],
    ['conservative', plan.conservative ?? ''],
  ];
  return markup`<dl>${list.filter(([, text]) => text !== '').map(([key, text]) => markup`<dt>${key}</dt><dd>${text}</dd>`)}</dl>`;
}

function stageSection(stage: StageRecord): Markup {
  const { findings = [], hypotheses = [], rejected } = stage;
  const title = stage.stage === 0 ? 'First run' : 'Second run, fresh seeds';
  const verdict = rejected
    ? markup`<span class="fail">against the device</span>`
    : markup`<span class="pass">as it should be</span>`;
  const ordered = hypotheses.toSorted((a, b) => a.p - b.p);
  return markup`<h3>${title}: ${verdict}</h3>${findings.length > 0 ? findingTable(stage) : markup``}${hypotheses.length > 0 ? hypothesisTable(ordered) : markup``}${plotted(hypotheses, rejected ? 4 : 1).map(plotOf)}`;
}

/** Hypotheses that are drawn: those with a table, the `most` with the smallest p-values; tables of one value are put together in one plot. */
function plotted(hypotheses: readonly HypothesisRecord[], most: number): readonly HypothesisRecord[] {
  const shown = hypotheses.filter(({ table: values = [] }) => values.length > 0);
  const singles = shown.filter(({ table: values = [] }) => values.length === 1);
  const [first] = singles;
  const together =
    first === undefined
      ? []
      : [
          {
            ...first,
            name: singles.length === 1 ? first.name : 'Single values',
            table: singles.flatMap(({ name, table: values = [] }) => values.map((row) => ({ ...row, label: name }))),
          },
        ];
  const others = shown.filter((hypothesis) => !singles.includes(hypothesis)).toSorted((a, b) => a.p - b.p);
  return [...together, ...others.slice(0, most)];
}

function findingTable({ findings = [] }: StageRecord): Markup {
  const shown = findings.toSorted((a, b) => Number(a.ok) - Number(b.ok)).slice(0, rowsMax);
  const rows = shown.map(
    ({ name, ok, expected, actual }) =>
      markup`<tr><td>${name}</td><td class="${ok ? 'pass' : 'fail'}">${ok ? 'right' : 'wrong'}</td><td>${expected ?? ''}</td><td>${actual ?? ''}</td></tr>`,
  );
  return table(['finding', 'result', 'expected', 'observed'], rows, findings.length);
}

function hypothesisTable(hypotheses: readonly HypothesisRecord[]): Markup {
  const rows = hypotheses.slice(0, rowsMax).map((hypothesis) => {
    const { name, p, adjusted, n, effect } = hypothesis;
    const size = effect === undefined ? markup`` : markup`${effectBar(effect)} ${effectText(effect)}`;
    return markup`<tr><td>${name}</td><td class="${isRejected(hypothesis) ? 'fail' : ''}">${pText(p)}</td><td>${pText(adjusted)}</td><td>${n}</td><td>${size}</td></tr>`;
  });
  return table(['hypothesis', 'p', 'after Holm', 'n', 'effect, 99.9 % interval'], rows, hypotheses.length);
}

function table(head: readonly string[], rows: readonly Markup[], all: number): Markup {
  const caption =
    all > rows.length ? markup`<caption>${rows.length} of ${all}; report.jsonl has all</caption>` : markup``;
  return markup`<div class="scroll"><table>${caption}<thead><tr>${head.map((text) => markup`<th scope="col">${text}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function plotOf(hypothesis: HypothesisRecord): Markup {
  const { name, table: values = [] } = hypothesis;
  if (values.length === 0) return markup``;
  const rows = values.map(
    ({ label, observed, expected }) =>
      markup`<tr><td>${label}</td><td class="number">${numberText(observed)}</td><td class="number">${numberText(expected)}</td></tr>`,
  );
  return markup`<figure style="margin: .75rem 0"><figcaption>${name}: observed (bars) and expected (lines)</figcaption>${observedPlot(hypothesis)}<details class="screen"><summary>as numbers</summary>${table(['', 'observed', 'expected'], rows, rows.length)}</details></figure>`;
}

function suspectList(
  record: CaseRecord,
  cases: readonly CaseRecord[],
  { planOf, faultTitle }: HtmlPageOptions,
): Markup {
  const suspects = rankedSuspects({ record, cases, planOf });
  if (suspects.length === 0) return markup``;
  const items = suspects
    .slice(0, rowsMax)
    .map(
      ({ fault, weight }) => markup`<li><code>${fault}</code> ${weight.toFixed(2)} ${faultTitle?.(fault) ?? ''}</li>`,
    );
  return markup`<h3>Likely causes</h3><ol>${items}</ol>`;
}

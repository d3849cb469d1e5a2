/** Inline SVG of a report: observed beside expected, and effects with their intervals. Colors come from the page's style. */
import { type Markup, markup } from './markup.ts';
import { effectText, numberText } from './numbers.ts';
import type { EffectRecord, HypothesisRecord } from './records.ts';

const width = 640;
const height = 180;
const margin = { left: 56, right: 8, top: 10, bottom: 26 };

/** Bars are what was observed, lines across them what the law expects. Nothing for a hypothesis without table. */
export function observedPlot({ name, table = [] }: HypothesisRecord): Markup {
  if (table.length === 0) return markup``;
  const values = table.flatMap(({ observed, expected }) => [observed, expected]).filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const span = high - low || 1;
  const y = (value: number): number => margin.top + ((high - value) / span) * (height - margin.top - margin.bottom);
  const step = (width - margin.left - margin.right) / table.length;
  const columns = table.map(({ label, observed, expected }, n) => {
    const x = margin.left + n * step;
    const [top, bottom] = [Math.min(y(observed), y(0)), Math.max(y(observed), y(0))];
    const title = `${label}: observed ${numberText(observed)}, expected ${numberText(expected)}`;
    const text =
      table.length <= 16
        ? markup`<text x="${r(x + step / 2)}" y="${height - 8}" text-anchor="middle">${label.slice(0, 12)}</text>`
        : markup``;
    return markup`<g><title>${title}</title><rect class="observed" x="${r(x + step * 0.15)}" y="${r(top)}" width="${r(step * 0.7)}" height="${r(bottom - top)}"/><line class="expected" x1="${r(x)}" x2="${r(x + step)}" y1="${r(y(expected))}" y2="${r(y(expected))}"/>${text}</g>`;
  });
  const ticks = [low, high].map(
    (value) =>
      markup`<text x="${margin.left - 6}" y="${r(y(value) + 4)}" text-anchor="end">${numberText(value)}</text>`,
  );
  const label = `${name}: observed as bars, expected as lines, ${table.length} values from ${numberText(low)} to ${numberText(high)}`;
  return markup`<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}"><line class="axis" x1="${margin.left}" x2="${width - margin.right}" y1="${r(y(0))}" y2="${r(y(0))}"/>${columns}${ticks}</svg>`;
}

/** An interval around a value, with a line where there is no effect. */
export function effectBar(effect: EffectRecord): Markup {
  const { value, low, high } = effect;
  const ends = [value, low ?? value, high ?? value].filter(Number.isFinite);
  const most = Math.max(...ends.map(Math.abs)) * 1.1 || 1;
  const x = (at: number): number => 60 + (at / most) * 58;
  const [from, to] = [low === null ? 2 : x(low), high === null ? 118 : x(high)];
  const clear = low !== null && high !== null && low <= 0 && high >= 0;
  return markup`<svg class="effect${clear ? '' : ' off'}" viewBox="0 0 120 16" role="img" aria-label="${effectText(effect)}"><title>${effectText(effect)}</title><line class="axis" x1="60" x2="60" y1="1" y2="15"/><line class="interval" x1="${r(from)}" x2="${r(to)}" y1="8" y2="8"/><circle class="value" cx="${r(x(value))}" cy="8" r="3"/></svg>`;
}

/** Tenths of a unit are finer than any screen. */
const r = (x: number): string => (Number.isFinite(x) ? x.toFixed(1) : '0');

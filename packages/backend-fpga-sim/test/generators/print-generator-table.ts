/**
 * `node packages/backend-fpga-sim/test/generators/print-generator-table.ts [sweeps]`: how far machines stray from the law of small blocks, by generator, as a table
 * of Markdown. Writes it into docs/fpga-sim.md between its markers where that file exists. 400,000 sweeps take half a minute.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { generatorEntry, generatorKinds } from '../../src/generators/catalogue.ts';
import { deltas, generatorDeviation, scoreMax } from './law-check.ts';

const sweeps = Number(process.argv[2] ?? 400_000);
const guide = new URL('../../../../docs/fpga-sim.md', import.meta.url);
const [begin, end] = ['<!-- generators -->', '<!-- /generators -->'];

const rows = generatorKinds.map((kind) => {
  const deviations = deltas.map((delta) => generatorDeviation(kind, delta, sweeps));
  const cells = deviations.map(({ worst, rms }) => `${worst.toFixed(4)} / ${rms.toFixed(4)}`);
  const score = Math.max(...deviations.map(({ largestScore }) => largestScore));
  const { verdict, text } = generatorEntry(kind);
  if (score < scoreMax !== (verdict === 'sound')) console.warn(`${kind}: ${verdict} in the catalogue, but ${score}`);
  return `| \`${kind}\` | ${cells.join(' | ')} | ${score.toFixed(1)} | ${verdict} | ${text} |`;
});
const table = [
  `| generator | δ = ${deltas.join(' worst / rms | δ = ')} worst / rms | largest score | verdict | what it is |`,
  '|---|---|---|---|---|---|',
  ...rows,
].join('\n');
console.log(table);

if (existsSync(guide)) {
  const text = readFileSync(guide, 'utf8');
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) console.warn(`docs/fpga-sim.md has no place between ${begin} and ${end}`);
  else writeFileSync(guide, `${before}${begin}\n${table}\n${end}${after}`);
}

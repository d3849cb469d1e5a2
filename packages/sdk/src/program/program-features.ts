/** What a program uses (semantics 8.5). */
import type { Block, Feature, ProgramJson } from './program-json.ts';

/** The features in use, sorted: what `features` of the program must list exactly. */
export function programFeatures(json: Pick<ProgramJson, 'law' | 'stages'>): Feature[] {
  const used = new Set<Feature>([json.law.kind]);
  for (const stage of json.stages) {
    if (stage.kind === 'host') used.add('host');
    else for (const feature of blockFeatures(stage)) used.add(feature);
  }
  return [...used].sort();
}

function* blockFeatures(block: Block): Iterable<Feature> {
  for (const bank of block.banks) if (bank.colorMap !== undefined) yield 'color-map';
  for (const gain of block.gains) if (gain.runtime) yield 'runtime-gain';
  for (const coupling of block.couplings) yield coupling.form.kind;
  for (const bias of block.biases) if (bias.form === 'border') yield 'border';
  for (const readout of block.readouts) if (readout.observable !== 'spin-sum') yield readout.observable;
  if (block.schedule.init === 'feed-forward') yield 'feed-forward';
  if (typeof block.schedule.beta !== 'number') yield 'temperature';
}

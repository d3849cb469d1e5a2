/** P102: the version and the features of a program. */

import { programFeatures } from '../program-features.ts';
import { features as knownFeatures, type ProgramJson } from '../program-json.ts';
import type { ViolationList } from '../violation.ts';
import type { DraftStage, ProgramFrame } from './draft-program.ts';

/** Whether this reader knows the version: 1.0 and any later 1.y whose features it knows (semantics 8.5). */
export function checkVersion({ irVersion }: ProgramFrame, found: ViolationList): boolean {
  const known = /^1\.(0|[1-9]\d{0,5})$/.test(irVersion);
  if (!known)
    found.add('P102', 'irVersion', `version ${JSON.stringify(irVersion.slice(0, 40))} is not 1.0 or a later 1.y`);
  return known;
}

/** `stages` is undefined when one of them is malformed: then what is used is not known. */
export function checkFeatures(
  program: ProgramFrame,
  stages: readonly DraftStage[] | undefined,
  found: ViolationList,
): void {
  const known: ReadonlySet<string> = new Set(knownFeatures);
  program.features.forEach((feature, n) => {
    if (!known.has(feature))
      found.add('P102', `features[${n}]`, `unknown feature ${JSON.stringify(feature.slice(0, 80))}`);
  });
  const listed = program.features.filter((feature) => known.has(feature));
  const sorted = [...new Set(listed)].sort();
  if (sorted.join() !== listed.join()) {
    found.add('P102', 'features', 'the list is not sorted, or names a feature twice');
    return;
  }
  if (stages === undefined) return;
  // An observable of no known name is a P142, not a feature.
  const used = programFeatures({ law: program.law, stages } as Pick<ProgramJson, 'law' | 'stages'>).filter((name) =>
    known.has(name),
  );
  const unlisted = used.filter((feature) => !listed.includes(feature));
  const unused = listed.filter((feature) => !used.some((name) => name === feature));
  const faults = [
    unlisted.length > 0 ? `used and not listed: ${unlisted.join(', ')}` : '',
    unused.length > 0 ? `listed and not used: ${unused.join(', ')}` : '',
  ].filter((fault) => fault !== '');
  if (faults.length > 0) found.add('P102', 'features', faults.join('; '));
}

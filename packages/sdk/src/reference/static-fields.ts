/** The static field H of the fixed law (semantics 4.4), for tests that compare it before any sweep. */
import type { Program } from '../program/program.ts';
import type { Block } from '../program/program-json.ts';
import { checkBanks, freeBanks, pinnedBanks } from './check-run.ts';
import { type FeedForwardRequest, imageCount, pinnedRow } from './feed-forward.ts';
import { fixedLaw } from './fixed-law.ts';
import { spinGraph } from './spin-graph.ts';

/** H by free bank, `[images][spins]`. */
export function fixedStaticFields(
  program: Pick<Program, 'tensors'>,
  block: Block,
  request: FeedForwardRequest,
): ReadonlyMap<string, Int32Array<ArrayBuffer>> {
  const images = imageCount(request);
  checkBanks('inputs', request.inputs, pinnedBanks(block), images);
  const graph = spinGraph(program, block);
  const law = fixedLaw(program, block, request.gains);
  const fields = new Map(freeBanks(block).map(({ id }): [string, number[]] => [id, []]));
  for (let image = 0; image < images; image++) {
    const state = new Int8Array(graph.stateLength);
    const pinned = pinnedRow(request.inputs, image);
    for (const { bank, offset } of graph.layout) state.set(pinned.get(bank.id) ?? [], offset);
    for (const spin of graph.freeSpins) fields.get(spin.bank)?.push(law.staticField(spin, state));
  }
  return new Map([...fields].map(([id, values]) => [id, Int32Array.from(values)]));
}

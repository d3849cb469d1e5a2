/** The gains of a run: names, values, and under the fixed law the proof that no field leaves its range (P132). */
import { InvalidRequestError, UnsupportedError } from '../errors/isinglass-error.ts';
import { fixedBlock } from '../law/fixed-block.ts';
import type { Block } from '../program/program-json.ts';
import { invalid } from './check-values.ts';
import type { RunContext } from './resolve-run.ts';

/** Gains that passed the proof, per block: batches of one run ask again and again for the same. */
const proved = new WeakMap<Block, Set<string>>();
const provedMax = 64;

/** Every runtime gain of the block, at the run's value or the program's. */
export function resolveGains(
  requested: Readonly<Record<string, number>>,
  block: Block,
  { program, profile }: RunContext,
): Readonly<Record<string, number>> {
  if (typeof requested !== 'object' || requested === null) throw invalid('gains', requested, 'an object by gain id');
  const runtime = block.gains.filter((gain) => gain.runtime);
  for (const [id, value] of Object.entries(requested)) {
    const field = `gains.${id}`;
    if (!runtime.some((gain) => gain.id === id)) {
      const names = runtime.map((gain) => gain.id).join(', ') || 'none';
      throw new InvalidRequestError(`${field} is not a runtime gain of block "${block.id}"; allowed: ${names}`, {
        where: field,
      });
    }
    if (typeof value !== 'number' || !(value > 0) || value === Number.POSITIVE_INFINITY) {
      throw invalid(field, value, 'a finite number above 0');
    }
  }
  const gains = Object.fromEntries(runtime.map((gain) => [gain.id, requested[gain.id] ?? gain.value]));
  const changed = runtime.filter((gain) => gains[gain.id] !== gain.value);
  if (changed.length === 0) return gains;
  if (!profile.features.includes('runtime-gain')) {
    throw new UnsupportedError(
      'runtime-gain',
      `device "${profile.name}" cannot change gains at run time: compile the program with ${changed
        .map((gain) => `${gain.id} = ${gains[gain.id]}`)
        .join(', ')}`,
    );
  }
  if (program.json.law.kind === 'fixed') prove(block, gains, program);
  return gains;
}

function prove(block: Block, gains: Readonly<Record<string, number>>, program: RunContext['program']): void {
  const known = proved.get(block) ?? new Set();
  proved.set(block, known);
  const key = JSON.stringify(gains);
  if (known.has(key)) return;
  fixedBlock(program, block, gains);
  if (known.size >= provedMax) known.clear();
  known.add(key);
}

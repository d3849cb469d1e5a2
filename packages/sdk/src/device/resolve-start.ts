/** How a run begins (semantics 1.6): checks of given states [P20] and of kept ones. */
import type { Start } from '../contract/driver.ts';
import { InvalidRequestError, UnsupportedError } from '../errors/isinglass-error.ts';
import { canStart } from '../profile/check-defaults.ts';
import { checkKeys, checkSpins, checkWords, invalid, oneOf } from './check-values.ts';
import { DeviceState } from './device-state.ts';
import { inputDigests } from './input-digests.ts';
import type { RunContext } from './resolve-run.ts';
import type { ResolvedRun, ResolvedStart } from './resolved-run.ts';

type Beginning = Pick<ResolvedRun, 'block' | 'free' | 'images' | 'inputs' | 'chains' | 'gains'>;

export function resolveStart(start: Start, run: Beginning, context: RunContext): ResolvedStart {
  if (typeof start !== 'object' || start === null) throw invalid('start', start, 'an object with a kind');
  const { name, init } = context.profile;
  oneOf('start.kind', start.kind, ['random', 'feed-forward', 'given', 'resume']);
  if (start.kind === 'resume') return resolveResume(start, run, context);
  if (start.kind === 'given') {
    checkGiven(start.states, run);
    if (!init.includes('given')) throw unsupported('given', name, init);
    return start;
  }
  if (!canStart(start.kind, context.profile)) throw unsupported(start.kind, name, init);
  return start;
}

function unsupported(kind: string, device: string, init: readonly string[]): UnsupportedError {
  return new UnsupportedError(
    kind,
    `device "${device}" cannot start "${kind}": it has ${init.join(', ') || 'no start'}`,
    {
      where: 'start.kind',
    },
  );
}

function checkGiven(states: Extract<Start, { kind: 'given' }>['states'], run: Beginning): void {
  checkKeys(
    'start.states',
    states,
    run.free.map(({ bank }) => bank.id),
    'free bank',
  );
  const rows = run.images.length * run.chains;
  for (const { bank, spinCount } of run.free) {
    const spins = states[bank.id];
    if (spins !== undefined) checkSpins(`start.states.${bank.id}`, spins, { rows, spinCount });
  }
}

/** A kept state goes on with the pinned spins and gains it was made with: the machine keeps the fields that come from them. */
function resolveResume(start: Extract<Start, { kind: 'resume' }>, run: Beginning, context: RunContext): ResolvedStart {
  const state = start.handle;
  if (!(state instanceof DeviceState)) throw invalid('start.handle', state, 'the handle of an earlier result');
  if (state.origin.owner !== context.owner) {
    throw new InvalidRequestError('start.handle belongs to another program or device', { where: 'start.handle' });
  }
  if (state.released) throw new InvalidRequestError('start.handle was released', { where: 'start.handle' });
  if (state.origin.block !== run.block.index) {
    throw new InvalidRequestError(
      `start.handle holds a state of block ${state.origin.block}, the run is of block ${run.block.index}`,
      { where: 'start.handle' },
    );
  }
  checkWords('start.rows', start.rows, run.images.length * run.chains);
  const past = start.rows.findIndex((row) => row >= state.rows);
  if (past >= 0)
    throw invalid(`start.rows[${past}]`, start.rows[past], `0 to ${state.rows - 1}, the rows of the handle`);
  for (const [id, value] of Object.entries(run.gains)) {
    const was = state.origin.gains[id];
    if (was !== value) {
      throw new InvalidRequestError(
        `gains.${id} is ${value}, the kept state was made with ${was}; keep on the host and start "given" to change it`,
        { where: `gains.${id}` },
      );
    }
  }
  const digests = inputDigests(run);
  start.rows.forEach((row, n) => {
    const image = Math.floor(n / run.chains);
    if (state.origin.inputDigests[Math.floor(row / state.origin.chains)] === digests[image]) return;
    throw new InvalidRequestError(
      `inputs of image ${image} differ from those that row ${row} of the kept state was made with; ` +
        'keep on the host and start "given" to change them',
      { where: 'inputs' },
    );
  });
  return { kind: 'resume', state, rows: start.rows };
}

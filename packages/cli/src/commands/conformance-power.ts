/** `isinglass conformance power`: how many samples an effect takes. */
import type { EffectSize, PowerRow } from '@isinglass/conformance';
import { type Command, InvalidArgumentError } from 'commander';
import { positive, real } from '../arguments/numbers.ts';
import type { CommandContext, ContextOf } from '../command-context.ts';
import { conformance } from '../conformance/suite.ts';
import { formatCount, formatTable } from '../output/table.ts';

interface PowerFlags {
  readonly effect: Partial<EffectSize>;
  readonly rate: number;
}

export function addConformancePowerCommand(group: Command, contextOf: ContextOf): void {
  group
    .command('power')
    .description('how many samples it takes to find an effect, and how long, from exact laws')
    .requiredOption('--effect <name=size>', 'betaRel, updateProb or fieldAbs = how far off (repeatable)', effect)
    .option('--rate <updates>', 'updates of spins per second of the device', positive, 1e8)
    .addHelpText('after', examples)
    .action((flags: PowerFlags, command: Command) => power(flags, contextOf(command)));
}

async function power(flags: PowerFlags, context: CommandContext): Promise<void> {
  const { noEffect, powerTable } = await conformance();
  const rows = powerTable({ ...noEffect, ...flags.effect }).map((row) => ({
    ...row,
    seconds: row.updates / flags.rate,
  }));
  // What a statistic does not see has no number of samples: null in JSON.
  const data = rows.map(({ n, updates, seconds, ...row }) => ({
    ...row,
    n: finite(n),
    updates: finite(updates),
    seconds: finite(seconds),
  }));
  context.result({ effect: { ...noEffect, ...flags.effect }, rows: data }, () =>
    formatTable(rows.map(rowOf), { head: ['check', 'statistic', 'samples', 'of', 'updates', 'seconds'] }),
  );
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

function rowOf({ check, statistic, n, sample, updates, seconds }: PowerRow & { seconds: number }): readonly string[] {
  if (!Number.isFinite(n)) return [check, statistic, 'not seen', sample, '–', '–'];
  return [check, statistic, formatCount(n), sample, formatCount(updates), seconds.toPrecision(2)];
}

const names = ['betaRel', 'updateProb', 'fieldAbs'] as const;

function effect(text: string, previous: Partial<EffectSize> = {}): Partial<EffectSize> {
  const [name = '', size = ''] = text.split('=');
  if (!(names as readonly string[]).includes(name)) {
    throw new InvalidArgumentError(`It must be name=size with a name of ${names.join(', ')}.`);
  }
  return { ...previous, [name]: real(size) };
}

const examples = `
Examples:
  isinglass conformance power --effect betaRel=0.02
  isinglass conformance power --effect updateProb=0.005 --rate 1e6

Samples are those of the screen at level 1e-3 and power 0.999; a confirmation takes four times as many.`;

/** `isinglass conformance mutants`: planted faults against the checks that must find them. */
import { appendFileSync, existsSync } from 'node:fs';
import type { KillMatrix, Level, MatrixCell, MutantRecord, PlantedFault } from '@isinglass/conformance';
import { InvalidRequestError } from '@isinglass/sdk';
import { type Command, Option } from 'commander';
import { integer, seed } from '../arguments/numbers.ts';
import type { CommandContext, ContextOf } from '../command-context.ts';
import { endSoon } from '../conformance/end-soon.ts';
import { conformance } from '../conformance/suite.ts';
import { conformanceExitCodes } from '../conformance/verdict-exit.ts';
import { readInputFile } from '../images/input-file.ts';
import { checkWritable, writeFile } from '../output/write-file.ts';

interface MutantFlags {
  readonly fast: boolean;
  readonly level: Level;
  readonly faults?: string;
  readonly runs?: number;
  readonly allChecks: boolean;
  readonly twins: boolean;
  readonly seed: bigint;
  readonly record?: string;
}

export function addConformanceMutantsCommand(group: Command, contextOf: ContextOf): void {
  const level = new Option('--level <level>', 'the highest level whose claims are tested');
  const seedOption = new Option('--seed <n>', 'seed of all random numbers, 64 bits').argParser(seed).default(1n, '1');
  group
    .command('mutants')
    .description('run planted faults against the checks that must find them: the kill matrix')
    .option('--fast', 'each fault once, against its first check', false)
    .addOption(level.choices(['quick', 'standard', 'certify']).default('quick'))
    .option('--faults <query>', 'only some faults: ids or patterns with *, with commas between')
    .option('--runs <n>', 'runs of each pair (default: as many as the power rule asks for, 90 to 198)', integer(1))
    .option('--all-checks', 'also against the checks that the faults do not name', false)
    .option('--twins', 'the faults’ twins, too small to see, which must pass', false)
    .addOption(seedOption)
    .option('--record <file>', 'write every run here as a line of JSON; runs that it has are not made again')
    .addHelpText('after', examples)
    .action((flags: MutantFlags, command: Command) => mutants(flags, contextOf(command)));
}

async function mutants(flags: MutantFlags, context: CommandContext): Promise<void> {
  const { faults, formatMatrix, mutantLine, runMutants } = await conformance();
  const chosen = chosenFaults(faults, flags.faults);
  const resumeFrom = await earlierRuns(flags.record);
  const matrix = await runMutants({
    faults: chosen,
    level: flags.level,
    seed: flags.seed,
    runs: flags.runs ?? 'rule',
    fast: flags.fast,
    cells: flags.allChecks ? 'all' : 'named',
    devices: flags.twins ? 'twins' : 'faults',
    signal: context.signal,
    resumeFrom,
    onRecord(record) {
      if (flags.record !== undefined) appendFileSync(flags.record, mutantLine(record));
    },
    onCell: ({ fault, case: id, kills, runs, seconds }) =>
      void process.stderr.write(`${fault} ${id}: ${kills}/${runs} in ${seconds.toFixed(1)} s\n`),
  }).finally(endSoon);
  const ok = matrix.cells.length > 0 && matrix.cells.every((cell) => isAsNamed(cell, flags));
  if (!ok) context.fail(conformanceExitCodes.fail);
  context.result({ ok, ...matrix }, () => `${formatMatrix(matrix, chosen)}\n\n${summary(matrix, { ok, flags })}\n`);
}

/** Named pairs are killed, by the power rule where all its runs are made; twins fail in at most 1 of 100 runs. */
function isAsNamed({ named, kills, runs, power }: MatrixCell, { twins, fast, runs: wanted }: MutantFlags): boolean {
  if (twins) return kills * 100 <= runs;
  if (!named) return true;
  return fast || wanted !== undefined ? runs > 0 && kills === runs : power === 'killed';
}

function summary({ seed: text, cells }: KillMatrix, { ok, flags }: { ok: boolean; flags: MutantFlags }): string {
  const faults = new Set(cells.map(({ fault }) => fault)).size;
  const what = flags.twins ? 'twins pass' : 'faults are found by the checks that they name';
  return `${faults} faults, ${cells.length} pairs, seed ${text}: ${ok ? `all ${what}` : `not all ${what}`}`;
}

function chosenFaults(faults: readonly PlantedFault[], query: string | undefined): readonly PlantedFault[] {
  if (query === undefined) return faults;
  const patterns = query.split(',').map((part) => ({ part, shape: shapeOf(part.trim()) }));
  for (const { part, shape } of patterns) {
    if (!faults.some(({ id }) => shape.test(id))) {
      throw new InvalidRequestError(`no planted fault is "${part}"`, { where: '--faults' });
    }
  }
  return faults.filter(({ id }) => patterns.some(({ shape }) => shape.test(id)));
}

/** A pattern with `*`; a number of the catalogue means all its variants. */
function shapeOf(pattern: string): RegExp {
  const literal = pattern.split('*').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}${/^M\d+$/.test(pattern) ? '(?!\\d).*' : ''}$`);
}

async function earlierRuns(path: string | undefined): Promise<readonly MutantRecord[]> {
  if (path === undefined) return [];
  checkWritable(path);
  if (!existsSync(path)) return [];
  const { mutantLine, parseMutantLines } = await conformance();
  try {
    const text = new TextDecoder().decode(readInputFile(path));
    const records = parseMutantLines(text);
    // A last line that was cut goes, so that the next one stands on a line of its own.
    if (!text.endsWith('\n')) writeFile(path, new TextEncoder().encode(records.map(mutantLine).join('')));
    return records;
  } catch (cause) {
    throw new InvalidRequestError(`${path} is no record of mutants: ${(cause as Error).message}`, {
      where: path,
      cause,
    });
  }
}

const examples = `
Examples:
  isinglass conformance mutants --fast
  isinglass conformance mutants --faults M04,M18 --runs 3
  isinglass conformance mutants --level standard --record mutants.jsonl
  isinglass conformance mutants --twins --faults M01 --record twins.jsonl

Exit code 1 where a fault is not found by a check that it names, or a twin is.`;

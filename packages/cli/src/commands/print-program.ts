/** `isinglass print-program`: a program as text to read. */
import type { Command } from 'commander';
import type { ContextOf } from '../command-context.ts';
import { readProgramFile } from '../program-file.ts';

export function addPrintProgramCommand(program: Command, contextOf: ContextOf): void {
  program
    .command('print-program')
    .description('print a program as text: stages, banks, couplings, schedule')
    .argument('<file>', 'the .isg file')
    .action(async (file: string, _options, command: Command) => {
      const { printProgram } = await import('@isinglass/compiler');
      const program = readProgramFile(file);
      contextOf(command).result(
        { file, programHash: program.hash, program: program.json },
        () => `${printProgram(program).trimEnd()}\n`,
      );
    });
}

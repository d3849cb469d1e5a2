/** `isinglass inspect`: what a program file holds. */
import { readProgram } from '@isinglass/sdk';
import type { Command } from 'commander';
import type { ContextOf } from '../command-context.ts';
import { readInputFile } from '../images/input-file.ts';
import { formatInspection, inspection } from '../inspect/inspection.ts';

export function addInspectCommand(program: Command, contextOf: ContextOf): void {
  program
    .command('inspect')
    .description('show a program: values, blocks, counts, hash, tensors, warnings')
    .argument('<file>', 'the .isg file')
    .action((file: string, _options, command: Command) => {
      const data = { file, ...inspection(readProgram(readInputFile(file))) };
      contextOf(command).result(data, () => formatInspection(data));
    });
}

/** `isinglass inspect`: what a program file holds. */
import type { Command } from 'commander';
import type { ContextOf } from '../command-context.ts';
import { formatInspection, inspection } from '../inspect/inspection.ts';
import { readProgramFile } from '../program-file.ts';

export function addInspectCommand(program: Command, contextOf: ContextOf): void {
  program
    .command('inspect')
    .description('show a program: values, blocks, counts, hash, tensors, warnings')
    .argument('<file>', 'the .isg file')
    .action((file: string, _options, command: Command) => {
      const data = { file, ...inspection(readProgramFile(file)) };
      contextOf(command).result(data, () => formatInspection(data));
    });
}

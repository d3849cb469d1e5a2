#!/usr/bin/env node
/** The command `isinglass`. */
import { runCli } from './cli.ts';
import { exitCodes } from './output/error-report.ts';

// A reader that has seen enough (`isinglass inspect … | head`) is not a failure of this command.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`isinglass: standard output cannot be written: ${error.message}\n`);
  process.exit(exitCodes.failed);
});
// Progress and messages that nobody can take are no reason to fail.
process.stderr.on('error', () => {});

process.exitCode = await runCli(process.argv.slice(2));

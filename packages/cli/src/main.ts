#!/usr/bin/env node
/** The command `isinglass`. */
import { runCli } from './cli.ts';

// A reader that has seen enough (`isinglass inspect … | head`) is not a failure of this command.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await runCli(process.argv.slice(2));

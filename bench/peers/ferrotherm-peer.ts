/** ferrotherm, a Rust crate: a program of ours around its samplers, built on demand with the machine's cargo. */
import { access, cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Peer } from '../src/rows/peer.ts';
import { runCommand } from './command.ts';
import { passArguments } from './pass-arguments.ts';
import { peersFolder } from './peers-folder.ts';
import { printedRows } from './printed-rows.ts';

const source = fileURLToPath(new URL('ferrotherm', import.meta.url));
const passSecondsMax = 180;

export function ferrotherm(folder: () => string = peersFolder): Peer {
  const target = () => join(folder(), 'ferrotherm');
  const program = () =>
    join(target(), 'release', process.platform === 'win32' ? 'ferrotherm-gibbs.exe' : 'ferrotherm-gibbs');
  return {
    name: 'ferrotherm',
    async available() {
      try {
        // A copy, because cargo writes its lock file beside the manifest; unchanged sources build in no time.
        await cp(source, join(target(), 'source'), { recursive: true, preserveTimestamps: true });
        // The crate asks for Rust 1.96, and builds with 1.95.
        const options = ['--release', '--quiet', '--ignore-rust-version', '--target-dir', target()];
        await runCommand('cargo', ['build', ...options], { cwd: join(target(), 'source') });
        await access(program());
        return true;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
    async rowsFor(workloadFile, workload, o) {
      const output = await runCommand(program(), passArguments(workloadFile, workload, o), {
        signal: o.signal,
        timeoutMs: passSecondsMax * 1000,
      });
      return printedRows(output, workload).rows;
    },
  };
}

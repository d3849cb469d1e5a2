/** A peer that is a Python package: a pinned environment, and one script that times every variant worth trying. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Peer } from '../src/rows/peer.ts';
import { runCommand } from './command.ts';
import { passArguments } from './pass-arguments.ts';
import { peersFolder } from './peers-folder.ts';
import { printedRows } from './printed-rows.ts';
import { pythonEnvironment } from './python-environment.ts';

export interface PythonPeerFacts {
  readonly name: string;
  /** Modules that must import for the peer to count as available. */
  readonly modules: readonly string[];
  /** File name in `python/`. */
  readonly script: string;
  /** Longest pass, the set-up of the peer's problem included. */
  readonly passSecondsMax: number;
}

const scripts = fileURLToPath(new URL('python', import.meta.url));

/** Libraries that decide their number of threads before a script can: OpenMP, OpenBLAS, MKL. */
const threadVariables = ['OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'] as const;

export function pythonPeer(facts: PythonPeerFacts, folder: () => string = peersFolder): Peer {
  const environment = () =>
    pythonEnvironment(join(folder(), facts.name), join(scripts, 'requirements', `${facts.name}.txt`));
  return {
    name: facts.name,
    async available() {
      try {
        const { python } = await environment();
        await runCommand(python, ['-c', facts.modules.map((module) => `import ${module}`).join('; ')]);
        return true;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
    async rowsFor(workloadFile, workload, o) {
      const { python } = await environment();
      const output = await runCommand(
        python,
        [join(scripts, facts.script), ...passArguments(workloadFile, workload, o)],
        {
          signal: o.signal,
          timeoutMs: facts.passSecondsMax * 1000,
          environment: {
            PYTHONDONTWRITEBYTECODE: '1',
            // One thread a library: the scripts spread chains over threads themselves, as far as the peer allows.
            ...Object.fromEntries(threadVariables.map((variable) => [variable, '1'])),
          },
        },
      );
      const { rows, unavailable } = printedRows(output, workload);
      for (const reason of unavailable)
        process.stderr.write(`${facts.name} on ${workload.name}: no row for ${reason}\n`);
      return rows;
    },
  };
}

/**
 * Where the peers' environments live: outside the repository, made on demand. The folder may be kept from run to run
 * (PyTorch alone is 5 GB where the package index serves its CUDA build) or thrown away at any time.
 */
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** ISINGLASS_PEERS_DIR, or a folder that the system may empty. */
export function peersFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment.ISINGLASS_PEERS_DIR;
  return named === undefined || named === '' ? join(tmpdir(), 'isinglass-peers') : resolve(named);
}

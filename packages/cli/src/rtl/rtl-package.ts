/**
 * The package that writes SystemVerilog: found from the working directory, as backends are, so that whoever does not need it need not install it. The interfaces are
 * what this command asks of its entry `/rtl`.
 */
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BackendError, type Block, type DriverRun, InvalidRequestError, type Program } from '@isinglass/sdk';

const packageName = '@isinglass/backend-fpga-sim';

export type RtlEngine = 'lane' | 'conv';

export interface RtlTarget {
  readonly engine: RtlEngine;
  /** URI of the machine. */
  readonly device: string;
  readonly block: Block;
}

export interface RtlProject {
  /** Path, with `/`, to text. */
  readonly files: ReadonlyMap<string, string>;
  readonly cycles: number;
  readonly sweeps: number;
}

export interface RtlPackage {
  rtlTarget(
    program: Program,
    o: { readonly engine: RtlEngine; readonly device?: string; readonly block?: string },
  ): RtlTarget;
  rtlProject(
    program: Program,
    target: RtlTarget,
    run: DriverRun,
    o: { readonly signal: AbortSignal },
  ): Promise<RtlProject>;
}

/** Throws InvalidRequestError where it is not installed, BackendError where it does not load or has no such entry. */
export async function rtlPackage(): Promise<RtlPackage> {
  const manifest = installedManifest();
  if (manifest === undefined) {
    throw new InvalidRequestError(
      `${packageName} writes SystemVerilog, and is not in any node_modules from the working directory up: npm install ${packageName}`,
      { where: packageName },
    );
  }
  const entry = `${packageName}/rtl`;
  try {
    // A package may name its own entries.
    return await import(pathToFileURL(createRequire(manifest).resolve(entry)).href);
  } catch (cause) {
    throw new BackendError(`${entry} does not load: ${(cause as Error).message}`, { where: packageName, cause });
  }
}

/** Only `node_modules` of the working directory and its parents, as for backends: not what NODE_PATH adds. */
function installedManifest(): string | undefined {
  for (let at = process.cwd(); ; at = dirname(at)) {
    const manifest = join(at, 'node_modules', packageName, 'package.json');
    if (existsSync(manifest)) return realpathSync(manifest);
    if (dirname(at) === at) return undefined;
  }
}

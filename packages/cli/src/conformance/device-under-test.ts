/** `--device URI` or `--provider MODULE` → a provider of raw devices. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Provider } from '@isinglass/conformance';
import { findBackend, InvalidRequestError, parseDeviceUri } from '@isinglass/sdk';
import { InvalidArgumentError } from 'commander';
import type { CommandContext } from '../command-context.ts';

/** The flags that say what is under test. */
export interface DeviceFlags {
  readonly device?: string;
  readonly provider?: string;
  readonly flag: Readonly<Record<string, string>>;
}

/** What a device is opened with. */
export type DeviceContext = Pick<CommandContext, 'backends' | 'logger'>;

export interface DeviceUnderTest {
  readonly provider: Provider;
  /** As the report names it. */
  readonly name: string;
  readonly opened: 'device' | 'provider';
  readonly flags: Readonly<Record<string, string>>;
}

/** How the report names what the flags say; loads nothing. */
export function deviceName({ device = 'cpu', provider, flag: flags }: DeviceFlags): Omit<DeviceUnderTest, 'provider'> {
  return provider === undefined
    ? { name: device, opened: 'device', flags }
    : { name: provider, opened: 'provider', flags };
}

/** Throws InvalidRequestError unless exactly one of both is given and it can be loaded. Default: the device `cpu`. */
export async function deviceUnderTest(o: DeviceFlags, context: DeviceContext): Promise<DeviceUnderTest> {
  if (o.device !== undefined && o.provider !== undefined) {
    throw new InvalidRequestError('--device and --provider both name the device under test: give one of them', {
      where: '--provider',
    });
  }
  const named = deviceName(o);
  if (named.opened === 'provider') return { ...named, provider: await providerModule(named.name) };
  const isCommand = named.name.startsWith(execPrefix);
  return { ...named, provider: await (isCommand ? commandProvider(named.name) : backendProvider(named.name, context)) };
}

/** A driver in any language: a command line after this, as device and as provider. */
const execPrefix = 'exec:';

async function commandProvider(uri: string): Promise<Provider> {
  const { execProvider } = await import('@isinglass/conformance/exec');
  return execProvider(uri.slice(execPrefix.length));
}

/** A parser for `--flag name=value`, given several times. */
export function providerFlag(text: string, previous: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It must be name=value.');
  return { ...previous, [text.slice(0, at)]: text.slice(at + 1) };
}

/** The driver that a backend opens, without the sdk's device around it. */
async function backendProvider(uri: string, context: DeviceContext): Promise<Provider> {
  const { scheme } = parseDeviceUri(uri);
  const backend = await findBackend(scheme, await context.backends());
  const { logger } = context;
  return {
    async create({ signal }) {
      try {
        return await backend.open(uri, { logger, signal });
      } catch (error) {
        const found = (await backend.enumerate({ signal })).find((device) => device.uri === uri);
        if (found?.available === false) return { unavailable: found.reason };
        throw error;
      }
    },
  };
}

/** A file or a package, seen from the working directory, whose default export is a provider. */
async function providerModule(specifier: string): Promise<Provider> {
  if (specifier.startsWith(execPrefix)) return commandProvider(specifier);
  const wrong = (what: string, cause?: unknown): InvalidRequestError =>
    new InvalidRequestError(`provider ${JSON.stringify(specifier)} ${what}`, { where: '--provider', cause });
  let namespace: { readonly default?: Partial<Provider> };
  try {
    namespace = await import(pathToFileURL(locate(specifier)).href);
  } catch (cause) {
    throw wrong(`does not load: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  const provider = namespace.default;
  if (typeof provider?.create === 'function') return provider as Provider;
  throw wrong('has no default export with create(): see defineProvider in @isinglass/conformance');
}

function locate(specifier: string): string {
  const path = resolve(specifier);
  return existsSync(path) ? path : createRequire(join(process.cwd(), 'package.json')).resolve(specifier);
}

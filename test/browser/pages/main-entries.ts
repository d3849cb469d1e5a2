/** The main entries, which a page loads without anything of Node. */
import * as compiler from '@isinglass/compiler';
import * as conformance from '@isinglass/conformance';
import * as sdk from '@isinglass/sdk';

/** What each entry exports, sorted: an evaluator of modules need not keep their order. */
export function exportedNames(): Readonly<Record<string, readonly string[]>> {
  return {
    '@isinglass/sdk': Object.keys(sdk).sort(),
    '@isinglass/compiler': Object.keys(compiler).sort(),
    '@isinglass/conformance': Object.keys(conformance).sort(),
  };
}

/** What of Node, and of isolation from other origins, a page sees. */
export function surroundings(): { readonly nodeGlobals: readonly string[]; readonly isolated: boolean } {
  const nodeGlobals = ['process', 'Buffer', 'require', 'global', 'setImmediate'].filter((name) => name in globalThis);
  return {
    nodeGlobals,
    isolated: (globalThis as { readonly crossOriginIsolated?: boolean }).crossOriginIsolated === true,
  };
}

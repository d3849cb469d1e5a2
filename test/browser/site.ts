/**
 * A site on this machine: Vite's development server, which gives pages the sources of the workspace as they are. Pages are
 * isolated from other origins, so that they have SharedArrayBuffer and exact clocks.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type InlineConfig, type Plugin, preview } from 'vite';
import { repositoryRoot } from '../../tools/workspace/read-workspace.ts';

export interface Site {
  /** `http://127.0.0.1:PORT/`. */
  readonly url: string;
  close(): Promise<void>;
}

/** The folder whose modules tests call; every file of the repository is served beside it. */
export const pagesFolder = 'test/browser/pages';

/** The repository as a site: a module lies at its path, `emptyPage` at its own. */
export function serveRepository(): Promise<Site> {
  return serve({
    configFile: false,
    root: repositoryRoot,
    appType: 'custom',
    plugins: [emptyPagePlugin],
    server: { headers: isolation },
    // Found before the first page asks: a package that is found later makes the server reload the page.
    optimizeDeps: { entries: [`${pagesFolder}/*.ts`] },
  });
}

/** Any site of Vite, on a free port, with a cache of its own: two servers at a time do not disturb each other. */
export async function serve(config: InlineConfig): Promise<Site> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'isinglass-site-'));
  const server = await createServer({
    ...config,
    cacheDir,
    logLevel: 'error',
    clearScreen: false,
    server: { ...config.server, host: '127.0.0.1', port: 0, hmr: false, watch: null },
  });
  await server.listen();
  return {
    url: urlOf(server.httpServer),
    async close() {
      await server.close();
      await rm(cacheDir, { recursive: true, force: true });
    },
  };
}

/** A built site: the files of a folder, with the headers that its configuration says. */
export async function serveFolder(configFile: string, outDir: string): Promise<Site> {
  const server = await preview({
    configFile,
    logLevel: 'error',
    build: { outDir },
    preview: { host: '127.0.0.1', port: 0 },
  });
  return { url: urlOf(server.httpServer), close: () => server.close() };
}

function urlOf(server: { address(): unknown } | null): string {
  const address = server?.address();
  if (typeof address !== 'object' || address === null || !('port' in address)) throw new Error('the site has no port');
  return `http://127.0.0.1:${address.port}/`;
}

/** What a page needs to be isolated from other origins. */
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/** Path of a page that holds nothing but the function `callModule`. */
export const emptyPage = 'empty-page';

const emptyPagePlugin: Plugin = {
  name: 'empty-page',
  configureServer({ middlewares }) {
    middlewares.use(`/${emptyPage}`, (_request, response) => {
      response.writeHead(200, { ...isolation, 'Content-Type': 'text/html' });
      response.end(`<!doctype html><title>Test</title><link rel="icon" href="data:," /><script>
        globalThis.callModule = async ({ url, name, args }) => (await import(url))[name](...args);
      </script>`);
    });
  },
};

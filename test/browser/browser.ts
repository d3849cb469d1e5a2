/** The system's Chromium, without a window. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const executable = onPath(process.env.PATH ?? '');

/** Why tests in pages are skipped here; null: they run. */
export const noBrowser: string | null =
  executable === undefined ? `there is no browser on the PATH; looked for ${names.join(', ')}` : null;
if (noBrowser !== null) console.warn(`tests in pages are skipped: ${noBrowser}`);

/** A new browser; not to be called where there is none. */
export async function launchBrowser(): Promise<Browser> {
  if (executable === undefined) throw new Error(noBrowser ?? '');
  return chromium.launch({
    executablePath: executable,
    headless: true,
    args: [
      // CI runs as root, which Chromium refuses with a sandbox.
      '--no-sandbox',
      // WebGPU on software adapters, too.
      '--enable-unsafe-webgpu',
      // Nothing from the network.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}

function onPath(path: string): string | undefined {
  const candidates = path.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A GPU for machines without one: SwiftShader, the software Vulkan that Chromium brings along. */
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';

const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const manifest = 'vk_swiftshader_icd.json';

/**
 * Adds SwiftShader to the drivers that Vulkan finds by itself; a real GPU comes before it. To be called before the package
 * `webgpu` makes its instance. Leaves a choice alone that the environment has made already.
 */
export function offerSwiftShader(env: Record<string, string | undefined> = process.env): void {
  const chosen = ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES', 'VK_ADD_DRIVER_FILES'].some((name) => env[name] !== undefined);
  const file = chosen ? undefined : swiftShaderManifest(env.PATH ?? '');
  if (file !== undefined) env.VK_ADD_DRIVER_FILES = file;
}

/** Its driver manifest beside the browser that a search path leads to, or where packages put it: `lib/chromium` for `bin/chromium`. */
function swiftShaderManifest(path: string): string | undefined {
  for (const folder of path.split(delimiter)) {
    for (const browser of browsers) {
      const command = join(folder, browser);
      if (folder === '' || !existsSync(command)) continue;
      const places = [dirname(realpathSync(command)), resolve(folder, '../lib', browser)];
      const found = places.map((place) => join(place, manifest)).find((file) => existsSync(file));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

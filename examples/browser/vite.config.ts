/** Serves the page with the sources of the workspace, and builds it as a folder of files. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Isolated from other origins: only such pages have shared memory, which the kernels of `cpu` use. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  root: path('.'),
  base: './',
  // The model and the test images lie beside the page.
  publicDir: path('../../models/mnist-1block'),
  server: { headers },
  preview: { headers },
  // It looks for its `.wasm` beside its own script, so that script stays where it is.
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  build: { outDir: path('../../out/browser-example'), emptyOutDir: true, target: 'esnext' },
});

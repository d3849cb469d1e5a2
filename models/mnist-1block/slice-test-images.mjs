// Cuts the shipped slice from the original files: node slice-test-images.mjs FOLDER_WITH_THE_T10K_FILES
// The header's count becomes 1,000, the bytes that follow are the first 1,000 items, unchanged and in order.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const count = 1000;
for (const { from, to, headerBytes, itemBytes } of [
  { from: 't10k-images-idx3-ubyte.gz', to: 'test-images-1000.idx3.gz', headerBytes: 16, itemBytes: 28 * 28 },
  { from: 't10k-labels-idx1-ubyte.gz', to: 'test-labels-1000.idx1.gz', headerBytes: 8, itemBytes: 1 },
]) {
  const original = gunzipSync(readFileSync(join(process.argv[2], from)));
  const slice = Buffer.from(original.subarray(0, headerBytes + count * itemBytes));
  slice.writeUInt32BE(count, 4);
  writeFileSync(join(here, to), gzipSync(slice, { level: 9 }));
}

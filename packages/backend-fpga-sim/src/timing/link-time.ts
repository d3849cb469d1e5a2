/** Time on the link between host and machine (devices.md 5.7). */
import type { LinkParameters } from '../parameters/engine-parameters.ts';

/** ns of one burst of so many 32-bit words, in either direction. Nothing takes no time. */
export interface LinkTime {
  writeNs(words: number): number;
  readNs(words: number): number;
}

/** AXI-Lite takes a beat for each word; a transfer over DMA or PCIe a latency and its bytes. */
export function linkTime(link: LinkParameters): LinkTime {
  if (link.kind === 'axi-lite') {
    return {
      writeNs: (words) => words * link.writeBeatNs,
      readNs: (words) => words * link.readBeatNs,
    };
  }
  const transferNs = (words: number): number =>
    words === 0 ? 0 : link.latencyNs + (4e9 * words) / link.bytesPerSecond;
  return { writeNs: transferNs, readNs: transferNs };
}

/** 32-bit words of so many bits. */
export const wordsOfBits = (bits: number): number => Math.ceil(bits / 32);

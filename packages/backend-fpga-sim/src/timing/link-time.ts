/** Time on the link between host and machine (devices.md 5.7). */
import type { LinkParameters } from '../parameters/engine-parameters.ts';

/** What words are written to or read from. */
export type LinkTarget = 'memory' | 'registers';

/** ns of one burst of so many 32-bit words, in either direction. Nothing takes no time. */
export interface LinkTime {
  writeNs(words: number, target?: LinkTarget): number;
  readNs(words: number, target?: LinkTarget): number;
}

/** A beat for each word of a register, and for every word over AXI-Lite; a transfer of memory over DMA or PCIe takes a latency and its bytes. */
export function linkTime(link: LinkParameters): LinkTime {
  const beatsNs = (beatNs: number) => (words: number) => words * beatNs;
  const [write, read] = [beatsNs(link.writeBeatNs), beatsNs(link.readBeatNs)];
  if (link.kind === 'axi-lite') return { writeNs: write, readNs: read };
  const transferNs = (words: number): number =>
    words === 0 ? 0 : link.latencyNs + (4e9 * words) / link.bytesPerSecond;
  return {
    writeNs: (words, target) => (target === 'registers' ? write(words) : transferNs(words)),
    readNs: (words, target) => (target === 'registers' ? read(words) : transferNs(words)),
  };
}

/** 32-bit words of so many bits. */
export const wordsOfBits = (bits: number): number => Math.ceil(bits / 32);

/** Memory images as text that `$readmemh` takes. */

import { addressOf } from '../../host/hardware.ts';
import type { BitField } from '../../lane/lane-memory-map.ts';
import { type MachineJob, type MemoryImage, windowText } from './machine-job.ts';

const wordsPerLine = 8;

export const imagePath = ({ name }: Pick<MemoryImage, 'name'>): string => `images/${name}.hex`;
export const temperaturesPath = 'images/temperatures.hex';

/** Path → text. */
export function imageFiles(job: MachineJob, fields: readonly BitField[]): ReadonlyMap<string, string> {
  const files = new Map(job.images.map((image) => [imagePath(image), imageText(image, fields)]));
  if (job.temperatures !== null) {
    const head = [
      'b of each sweep, the first one first: the testbench writes one before each command (semantics 4.5).',
    ];
    files.set(temperaturesPath, hexText(head, job.temperatures));
  }
  return files;
}

function imageText({ window, offset, words }: MemoryImage, fields: readonly BitField[]): string {
  const text = windowText(window);
  const head = [
    `${text}: ${words.length} words from word address 0x${hex(addressOf(window, offset))} on.`,
    ...fields
      .filter((field) => field.window === text && (window !== 'phases' || isInPart(field, offset)))
      .map(({ words: which, bits: [high, low], text: what }) => {
        const bits = high === low ? `bit ${high}` : `bits ${high} to ${low}`;
        return `word ${which}, ${bits}: ${what}`;
      }),
  ];
  return hexText(head, words);
}

/** PHASES has parts; where a field is, it says as `0x400000 + n` or, of the first part, as `3`. */
function isInPart({ words }: BitField, offset: number): boolean {
  const begin = Number(/^\w+/.exec(words)?.[0]);
  return offset === 0 ? begin < 0x40_0000 : begin === offset;
}

/** Comments, then words with the number of each line's first one. Ends with a newline: Verilator 5.006 drops the last word of a file without. */
function hexText(head: readonly string[], words: Uint32Array): string {
  const lines = head.map((line) => `// ${line}`);
  for (let at = 0; at < words.length; at += wordsPerLine) {
    lines.push(`${Array.from(words.subarray(at, at + wordsPerLine), hex).join(' ')} // ${at}`);
  }
  return `${lines.join('\n')}\n`;
}

const hex = (word: number): string => word.toString(16).padStart(8, '0');

/** A program's block as it is written to a convolution engine, by bus alone. */
import type { Program } from '@isinglass/sdk';
import { fixedConstants } from '@isinglass/sdk/machine-driver';
import { type ConvImage, convImage } from '../../src/conv/conv-image.ts';
import { convCapacity } from '../../src/conv/conv-memory-map.ts';
import { addressOf, type Hardware } from '../../src/host/hardware.ts';
import type { ConvParameters } from '../../src/parameters/engine-parameters.ts';
import { onlyBlock } from './conv-cases.ts';

export function drained<T>(work: Generator<void, T, void>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

export const placed = (p: ConvParameters, program: Program): ConvImage =>
  drained(convImage(p, program, onlyBlock(program)));

/** Zeros where a machine counts or keeps what the host has not written: memories begin undefined. */
export async function clearMemories(machine: Hardware, p: ConvParameters): Promise<void> {
  const { sites } = convCapacity(p);
  await machine.write(addressOf('spins'), new Uint32Array(sites / 32));
  for (const window of ['biases', 'fields', 'sums', 'conditionalSums'] as const) {
    await machine.write(addressOf(window), new Uint32Array(sites));
  }
}

/** Everything that the machine needs to hold before it runs, for the program's own gains. */
export async function writeImages(machine: Hardware, image: ConvImage, program: Program): Promise<void> {
  const constants = drained(fixedConstants(program, onlyBlock(program), image.sumBounds, {}));
  for (const { window, offset, words } of [...image.image(), ...image.constants(constants)]) {
    if (words.length > 0) await machine.write(addressOf(window, offset), words);
  }
}

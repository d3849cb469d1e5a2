/** The program of the demo and the first shipped images. */
import { readFile } from 'node:fs/promises';
import { compile } from '@isinglass/compiler';
import type { HostTensor, Program, ValueSpec } from '@isinglass/sdk';
import { cardInput } from '../src/compile/pixel-input.ts';
import { readImages } from '../src/images/read-images.ts';
import { modelFolder } from './isinglass.ts';

/** 7 bits, δ 0.2, 24 sweeps, conditional-sum, pixels by the card: what `fixtures/demo-sums.json` is of. */
export async function compileDemo(): Promise<Program> {
  const { program } = await compile(new Uint8Array(await readFile(`${modelFolder}mnist-1block.onnx`)), {
    name: 'mnist-1block',
    input: cardInput(`${modelFolder}mnist-1block.card.json`),
    weightBits: 7,
    delta: 0.2,
    sweeps: 24,
    readout: 'conditional-sum',
  });
  return program;
}

/** The first so many of the shipped images. */
export function demoImages(program: Program, limit: number): HostTensor {
  const [input] = program.json.inputs;
  return readImages(`${modelFolder}test-images.idx3.gz`, input as ValueSpec, { limit });
}

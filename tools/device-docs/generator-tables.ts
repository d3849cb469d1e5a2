/** Sections 8 and 9 of docs/devices.md: generators of random numbers, and how far activations are from the fixed law's. */
import {
  type Activation,
  updateProbabilityDeviation,
} from '../../packages/backend-fpga-sim/src/arithmetic/activation.ts';
import { generatorEntry, generatorKinds } from '../../packages/backend-fpga-sim/src/generators/catalogue.ts';
import { deltas, generatorDeviation } from '../../packages/backend-fpga-sim/test/generators/law-check.ts';
import { code, rounded, table } from './cells.ts';

export function generatorsTable(): string {
  const rows = generatorKinds.map((kind) => {
    const { text, verdict, wordsPerLane, sharedWords, cyclesPerDraw, area } = generatorEntry(kind);
    return [
      code(kind),
      text,
      sharedWords === 0 ? String(wordsPerLane) : `${sharedWords} for all`,
      String(cyclesPerDraw),
      `${area.luts} / ${area.flipFlops}${area.multipliers === 0 ? '' : `, ${area.multipliers} DSP`}`,
      verdict,
    ];
  });
  return table(['generator', 'what', 'words of a lane', 'cycles of a draw', 'LUT / FF of a lane', 'verdict'], rows);
}

/** Measured: takes half a minute. The same bits wherever it runs. */
export function lawTable(sweeps: number): string {
  const rows = generatorKinds.map((kind) => {
    const deviations = deltas.map((delta) => generatorDeviation(kind, delta, sweeps));
    const score = Math.max(...deviations.map(({ largestScore }) => largestScore));
    return [
      code(kind),
      ...deviations.map(({ worst, rms }) => `${worst.toFixed(4)} / ${rms.toFixed(4)}`),
      score.toFixed(1),
      generatorEntry(kind).verdict,
    ];
  });
  return table(['generator', ...deltas.map((delta) => `δ = ${delta}: worst / rms`), 'largest score', 'verdict'], rows);
}

const fractionBits = [5, 7, 9, 10, 12] as const;

const activations: readonly (readonly [name: string, activation: Activation])[] = [
  ['exact', { kind: 'exact', thresholdBits: 16 }],
  ...[256, 512, 1024, 2048, 4096, 8192].map(
    (entries) => [`table of ${entries}`, { kind: 'table', entries, thresholdBits: 16 }] as const,
  ),
  ['table of 2048, 8-bit thresholds', { kind: 'table', entries: 2048, thresholdBits: 8 }],
  ['clip at 1', { kind: 'clip', fieldMax: 1, thresholdBits: 16 }],
];

/** The largest difference of an update's probability, by grid. */
export function activationsTable(): string {
  const rows = activations.map(([name, activation]) => [
    name,
    ...fractionBits.map((k) => {
      const deviation = updateProbabilityDeviation(activation, k);
      return deviation === 0 ? '0' : rounded(deviation, 2);
    }),
  ]);
  return table(['activation', ...fractionBits.map((k) => `k = ${k}`)], rows);
}

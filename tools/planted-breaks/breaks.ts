/** The planted breaks: one changed line each, and the tests that must notice. */

export interface PlantedBreak {
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  /** A part of the file that stands there exactly once. */
  readonly line: string;
  readonly broken: string;
  /** Arguments of vitest. */
  readonly tests: readonly string[];
}

const oracleVectors = [
  'packages/sdk/test/reference-vectors.test.ts',
  'packages/backend-cpu/test/oracle-vectors.test.ts',
];

const kernels = ['packages/backend-cpu/test/kernels.test.ts'];
const edges = ['packages/backend-cpu/test/edges.test.ts'];
const waysToCut = ['packages/backend-cpu/test/ways-to-cut.test.ts'];
const rows = 'packages/kernels/src/machine/rows';

/** In the machine over the kernels, which `cpu` runs. */
const kernelBreaks: readonly PlantedBreak[] = [
  {
    name: 'half-sum-table',
    file: `${rows}/half-sum-map.ts`,
    line: 'entry[0] = -(Math.min(w0, 0) + Math.min(w1, 0) + Math.min(w2, 0) + Math.min(w3, 0));',
    broken: 'entry[0] = -(Math.min(w0, 0) + Math.min(w1, 0) + Math.min(w2, 0));',
    tests: kernels,
  },
  {
    name: 'half-sum-runs',
    file: `${rows}/half-sum-map.ts`,
    line: 'run.table === last.table + bytesPerQuad * last.quads;',
    broken: 'run.table > last.table;',
    tests: kernels,
  },
  {
    name: 'border-class-kernels',
    file: `${rows}/tap-classes.ts`,
    line: 'if (offset >= 0 && offset < inputSize) hits.push',
    broken: 'if (offset >= 0 && offset <= inputSize) hits.push',
    tests: kernels,
  },
  {
    name: 'single-quads',
    file: `${rows}/half-sum-plan.ts`,
    line: 'if (a + b + c + sum > 255) {',
    broken: 'if (a + b + c + sum > 256) {',
    tests: edges,
  },
  {
    name: 'quads-of-a-group',
    file: `${rows}/half-sum-plan.ts`,
    line: "return most2 <= 255 ? 'halfSums2' : 'halfSums1';",
    broken: "return most2 <= 256 ? 'halfSums2' : 'halfSums1';",
    tests: edges,
  },
  {
    name: 'short-fields',
    file: `${rows}/bank-mode.ts`,
    line: 'fieldMax + fieldLimitOf(o.constants.fractionBits) <= shortMax)',
    broken: 'fieldMax + fieldLimitOf(o.constants.fractionBits) <= shortMax + 1)',
    tests: edges,
  },
  {
    name: 'inverse-table',
    file: `${rows}/update-constants.ts`,
    line: 'i16[address / 2 + (r ^ 0x8000)] = above - 1 + 32767 - limit;',
    broken: 'i16[address / 2 + (r ^ 0x8000)] = above + 32767 - limit;',
    tests: kernels,
  },
  {
    name: 'inverse-table-index',
    file: `${rows}/update-constants.ts`,
    line: 'i16[address / 2 + (r ^ 0x8000)] = above - 1 + 32767 - limit;',
    broken: 'i16[address / 2 + ((r + 1) ^ 0x8000)] = above - 1 + 32767 - limit;',
    tests: [`${rows}/update-constants.test.ts`],
  },
  {
    name: 'flush-interval',
    file: `${rows}/rows-executor.ts`,
    line: 'export const retainedPerFlush = 255;',
    broken: 'export const retainedPerFlush = 256;',
    tests: edges,
  },
  {
    name: 'barrier-of-a-color',
    file: `${rows}/rows-executor.ts`,
    line: '        if (!share.meet()) return flips;\n      }\n      if (index < 0) continue;',
    broken: '      }\n      if (index < 0) continue;',
    tests: waysToCut,
  },
  {
    name: 'draw-offset',
    file: `${rows}/chunks.ts`,
    line: '(first - 8 * block + c * pixels + pixel) * bytesPerSpin',
    broken: '(c * pixels + pixel) * bytesPerSpin',
    tests: kernels,
  },
  {
    name: 'draw-offset-of-large-maps',
    file: 'packages/kernels/src/machine/spins/stretches.ts',
    line: 'bytesPerSpin * ((c * pixels) & 7)',
    broken: 'bytesPerSpin * ((c * pixels) & 3)',
    tests: edges,
  },
  {
    name: 'slot-of-a-spin',
    file: 'packages/kernels/src/machine/bank-lanes.ts',
    line: 'return 4 * ((channel >>> 2) * pixels + pixel) + (channel & 3);',
    broken: 'return 4 * ((channel >>> 2) * pixels + pixel) + (channel & 1);',
    tests: kernels,
  },
  {
    name: 'absent-rows',
    file: `${rows}/run-setup.ts`,
    line: 'excludeRows(buffer, at + gibbsConstants.bytes, lastRows);',
    broken: 'excludeRows(buffer, at + gibbsConstants.bytes, rowsPerTile);',
    tests: kernels,
  },
  {
    name: 'image-in-two-sections',
    file: 'packages/kernels/src/machine/simd-run.ts',
    line: 'if (section.images.first === 0 && this.#sections.length === 1) sums.set(part, first * spinCount);',
    broken: 'if (section.images.first === 0) sums.set(part, first * spinCount);',
    tests: waysToCut,
  },
  {
    name: 'others-stop',
    file: 'packages/kernels/src/machine/simd-run.ts',
    line: 'failures.push(e);\n        this.#stop();',
    broken: 'failures.push(e);',
    tests: ['packages/backend-cpu/test/stopped-threads.test.ts'],
  },
  {
    name: 'abandoned-load',
    file: 'packages/sdk/src/machine-driver/slicer.ts',
    line: 'work.return(undefined as never);',
    broken: '',
    tests: ['packages/backend-cpu/test/kernel-memory.test.ts'],
  },
];

const shaders = 'packages/backend-webgpu/src/kernels/generated/shaders.ts';
const gpuReference = ['packages/backend-webgpu/test/reference.gpu.test.ts'];

const gpuBreaks: readonly PlantedBreak[] = [
  {
    name: 'gpu-rounding',
    file: shaders,
    line: '(1 << (shift - 9u))',
    broken: '(1 << (shift - 8u))',
    tests: ['packages/backend-webgpu/src/kernels/arithmetic.gpu.test.ts'],
  },
  {
    name: 'gpu-burn-in',
    file: shaders,
    line: 'sweep.coins == 0u && t > small.burn_in',
    broken: 'sweep.coins == 0u && t >= small.burn_in',
    tests: gpuReference,
  },
  {
    name: 'gpu-tie',
    file: shaders,
    line: 'sum >= readout.least',
    broken: 'sum > readout.least',
    tests: gpuReference,
  },
  {
    name: 'gpu-adjoint',
    file: 'packages/backend-webgpu/src/block/conv-geometry.ts',
    line: 'dilation: -dilation',
    broken: 'dilation',
    tests: gpuReference,
  },
];

const fpga = 'packages/backend-fpga-sim';

/** In the emulated machines: what they count, and what their fast way computes. */
const emulatorBreaks: readonly PlantedBreak[] = [
  {
    name: 'fpga-conv-buffers',
    file: `${fpga}/src/conv/half-sweep-walk.ts`,
    line: 'const buffersFree = this.#summing - this.#sampling < 2;',
    broken: 'const buffersFree = this.#summing - this.#sampling < 3;',
    tests: [`${fpga}/test/conv/cycles.test.ts`],
  },
  {
    name: 'fpga-kernel-table',
    file: `${fpga}/src/conv/kernel-sums/term-tables.ts`,
    line: 'for (let j = 0; j < 4; j++) negative -= Math.min(0, four[j] as number);',
    broken: 'for (let j = 0; j < 3; j++) negative -= Math.min(0, four[j] as number);',
    tests: [`${fpga}/test/conv/kernel-sums.test.ts`],
  },
  {
    name: 'fpga-kernel-bound',
    file: `${fpga}/src/conv/kernel-sums/kernel-arithmetic.ts`,
    line: 'plan.sumMax > this.#sumMax',
    broken: 'plan.sumMax > 2 * this.#sumMax',
    tests: [`${fpga}/test/conv/kernel-sums.test.ts`],
  },
  {
    name: 'fpga-philox-stretch',
    file: `${fpga}/src/generators/kernel-philox-lanes.ts`,
    line: 'this.#first = spin - (spin & 7);',
    broken: 'this.#first = spin - (spin & 3);',
    tests: [`${fpga}/src/generators/kernel-philox-lanes.test.ts`],
  },
  {
    name: 'fpga-sampler-tie',
    file: `${fpga}/src/conv/conv-samplers.ts`,
    line: '(threshold - 1 - (draws[n - begin] as number)) >>> 31',
    broken: '(threshold - (draws[n - begin] as number)) >>> 31',
    tests: [`${fpga}/src/conv/conv-samplers.test.ts`],
  },
];

export const plantedBreaks: readonly PlantedBreak[] = [
  ...emulatorBreaks,
  ...kernelBreaks,
  ...gpuBreaks,
  {
    name: 'multiplier-rounding',
    file: 'packages/sdk/src/law/multiplier.ts',
    line: 'let M = Math.floor(factor * 2 ** sh + 0.5);',
    broken: 'let M = Math.floor(factor * 2 ** sh);',
    tests: oracleVectors,
  },
  {
    name: 'multiplier-half',
    file: 'packages/sdk/src/law/multiplier.ts',
    line: 'const half = m.sh >= 1 ? 2 ** (m.sh - 1) : 0;',
    broken: 'const half = 0;',
    tests: ['packages/sdk/src/law/multiplier.test.ts', 'packages/sdk/test/reference-vectors.test.ts'],
  },
  {
    name: 'tie-rule-reference',
    file: 'packages/sdk/src/reference/readout-accumulator.ts',
    line: '(sum === 0 ? tie : Math.sign(sum))',
    broken: '(sum === 0 ? 1 : Math.sign(sum))',
    tests: ['packages/sdk/test/reference-vectors.test.ts', 'packages/sdk/test/reference-runs.test.ts'],
  },
  {
    name: 'tie-rule-cpu',
    file: 'packages/sdk/src/spins/signs-of-sums.ts',
    line: 'above: tie === 1 ? -1 : 0 });',
    broken: 'above: -1 });',
    tests: oracleVectors,
  },
  {
    name: 'tie-rule-device',
    file: 'packages/sdk/src/spins/signs-of-sums.ts',
    line: 'above: tie === 1 ? -1 : 0 });',
    broken: 'above: tie === 1 ? 0 : -1 });',
    tests: ['packages/sdk/test/device-splitting.test.ts'],
  },
  {
    name: 'burn-in-reference',
    file: 'packages/sdk/src/reference/machine.ts',
    line: 'return sweep > burnIn && (sweep - burnIn) % stride === 0 ? (sweep - burnIn) / stride - 1 : -1;',
    broken: 'return sweep > burnIn && (sweep - burnIn - 1) % stride === 0 ? (sweep - burnIn - 1) / stride : -1;',
    tests: ['packages/sdk/test/reference-vectors.test.ts'],
  },
  {
    name: 'burn-in-law',
    file: 'packages/sdk/src/law/retained.ts',
    line: 'const since = t - run.burnIn;',
    broken: 'const since = t - run.burnIn + 1;',
    tests: ['packages/sdk/src/law/retained.test.ts', ...oracleVectors],
  },
  {
    name: 'burn-in-cpu-threads',
    file: 'packages/kernels/src/machine/retained-index.ts',
    line: 'const since = t - run.burnIn;',
    broken: 'const since = t - run.burnIn + 1;',
    tests: oracleVectors,
  },
  {
    name: 'border-class-compiler',
    file: 'packages/compiler/src/fold/border-classes.ts',
    line: 'else if (input >= axis.inputSize) after++;',
    broken: 'else if (input > axis.inputSize) after++;',
    tests: ['packages/compiler/test/fold-against-onnxruntime.test.ts', 'packages/compiler/src/fold/fold-block.test.ts'],
  },
  {
    name: 'border-class-sdk',
    file: 'packages/sdk/src/couplings/bias-values.ts',
    line: 'values[(channel * yCount + yClass) * xCount + xClass]',
    broken: 'values[(channel * yCount + xClass) * xCount + yClass]',
    tests: ['packages/sdk/src/couplings/bias-values.test.ts', 'packages/sdk/test/reference-vectors.test.ts'],
  },
  {
    name: 'philox-lane-sdk',
    file: 'packages/sdk/src/law/philox.ts',
    line: 'words[(spinIndex >> 1) & 3]',
    broken: 'words[(spinIndex >> 2) & 3]',
    tests: ['packages/sdk/src/law/philox.test.ts', 'packages/sdk/test/reference-vectors.test.ts'],
  },
  {
    name: 'philox-lane-cpu',
    file: 'packages/backend-cpu/src/scalar/gibbs-sweep.ts',
    line: 'const shift = 16 * (spin & 1);',
    broken: 'const shift = 16 * (~spin & 1);',
    tests: oracleVectors,
  },
  {
    name: 'philox-round',
    file: 'packages/sdk/src/law/philox.ts',
    line: 'round < 10',
    broken: 'round < 9',
    tests: ['packages/sdk/src/law/philox.test.ts'],
  },
  {
    name: 'adjoint-tap',
    file: 'packages/sdk/src/couplings/conv-axis.ts',
    line: 'const position = (i + axis.padBegin - tap * axis.dilation) / axis.stride;',
    broken: 'const position = (i + axis.padBegin - (axis.taps - 1 - tap) * axis.dilation) / axis.stride;',
    tests: ['packages/sdk/src/couplings/coupling-view.test.ts', 'packages/sdk/test/reference-vectors.test.ts'],
  },
  {
    name: 'update-comparison',
    file: 'packages/sdk/src/reference/machine.ts',
    line: 'const next = (draws[spinIndex] as number) < n ? 1 : -1;',
    broken: 'const next = (draws[spinIndex] as number) <= n ? 1 : -1;',
    tests: ['packages/sdk/test/reference-vectors.test.ts', 'packages/sdk/test/law.test.ts'],
  },
  {
    name: 'hash-domain',
    file: 'packages/sdk/src/program/program-hash.ts',
    line: 'add(`isinglass\\0$',
    broken: 'add(`isinglass\\n$',
    tests: ['packages/sdk/test/program-files.test.ts'],
  },
  {
    name: 'delta-gain',
    file: 'packages/compiler/src/fold/fold-block.ts',
    line: "{ bank: 's2', gain: 'delta', shape: shapes.s2 }",
    broken: "{ bank: 's2', gain: 'one', shape: shapes.s2 }",
    tests: ['packages/compiler/src/compile-imported.test.ts', 'packages/compiler/src/fold/fold-block.test.ts'],
  },
  {
    name: 'dimod-sign',
    file: 'packages/compiler/src/ising/coo.ts',
    line: 'terms.push({ first: i, second: j, value: -dimodBias, where });',
    broken: 'terms.push({ first: i, second: j, value: dimodBias, where });',
    tests: ['packages/compiler/src/ising'],
  },
];

/**
 * A program as text, made to be read and diffed: one fact per line, nothing that depends on anything but the program.
 * Tensors are shown by type, shape, range and the first 12 hex digits of their SHA-256: two programs differ in a tensor
 * exactly where these lines differ.
 */
import {
  type Bank,
  type Bias,
  type Block,
  type Coupling,
  type CouplingForm,
  canonicalJson,
  type HostStage,
  type Program,
  type ProgramTensor,
  type Readout,
  type Schedule,
  type TensorRef,
  type ValueSpec,
} from '@isinglass/sdk';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** Lines end with "\n", the last one too. */
export function printProgram(program: Program): string {
  const { json } = program;
  const lines = [
    `program ${quoted(json.name)} ${json.irVersion} ${json.law.kind} law`,
    `hash ${program.hash}`,
    `features ${json.features.join(' ')}`,
    ...Object.entries(json.provenance).map(([key, value]) => `provenance ${key} ${canonicalJson(value)}`),
    ...(json.meta === undefined ? [] : [`meta ${canonicalJson(json.meta)}`]),
    ...json.inputs.map((value) => `input ${valueText(value)}`),
    ...json.outputs.map((value) => `output ${valueText(value)}`),
  ];
  for (const stage of json.stages) {
    lines.push('', ...(stage.kind === 'host' ? hostLines(stage, program) : blockLines(stage, program)));
  }
  return `${lines.join('\n')}\n`;
}

function hostLines(stage: HostStage, program: Program): readonly string[] {
  return [
    `host ${stage.id}`,
    ...stage.inputs.map((name) => `  reads ${quoted(name)}`),
    ...stage.outputs.map((name) => `  defines ${quoted(name)}`),
    `  onnx ${tensorText(stage.onnx, program)}`,
  ];
}

function blockLines(block: Block, program: Program): readonly string[] {
  return [
    `block ${block.id} index ${block.index}`,
    ...(block.fixed === undefined ? [] : [`  fixed fractionBits ${block.fixed.fractionBits} beta ${block.fixed.beta}`]),
    ...block.banks.map((bank) => `  bank ${bankText(bank, program)}`),
    ...block.gains.map((gain) => `  gain ${gain.id} ${gain.value}${gain.runtime ? ' runtime' : ''}`),
    ...block.couplings.flatMap((coupling) => couplingLines(coupling, program)),
    ...block.biases.flatMap((bias) => biasLines(bias, program)),
    ...block.readouts.map((readout) => `  readout ${readoutText(readout)}`),
    ...scheduleLines(block.schedule),
  ];
}

function bankText(bank: Bank, program: Program): string {
  const shape = `[${bank.shape.join(', ')}]`;
  if (bank.role === 'pinned') return `${bank.id} pinned ${shape} at ${quoted(bank.value)}`;
  const color = bank.colorMap === undefined ? `color ${bank.color}` : `colors ${tensorText(bank.colorMap, program)}`;
  return `${bank.id} free ${shape} ${color}`;
}

function couplingLines(coupling: Coupling, program: Program): readonly string[] {
  const { id, from, to, gain, form, scale, constraint } = coupling;
  return [
    `  coupling ${id} ${from} to ${to} gain ${gain}${scale === undefined ? '' : ` scale ${scale}`}`,
    ...formLines(form, program).map((line) => `    ${line}`),
    ...(constraint === undefined ? [] : [`    constraint ${canonicalJson(constraint)}`]),
  ];
}

function formLines(form: CouplingForm, program: Program): readonly string[] {
  switch (form.kind) {
    case 'conv':
      return [
        `conv strides ${form.strides.join(' ')} pads ${form.pads.join(' ')} dilations ${form.dilations.join(' ')} groups ${form.groups}`,
        `kernel ${tensorText(form.kernel, program)}`,
      ];
    case 'dense':
      return [`dense ${tensorText(form.matrix, program)}`];
    case 'diagonal':
      return [`diagonal ${tensorText(form.value, program)}`];
    case 'sparse':
      return [
        `sparse rowStart ${tensorText(form.rowStart, program)}`,
        `sparse column ${tensorText(form.column, program)}`,
        `sparse value ${tensorText(form.value, program)}`,
      ];
    default:
      return form satisfies never;
  }
}

function biasLines(bias: Bias, program: Program): readonly string[] {
  const lines = [
    `  bias ${bias.bank} ${bias.form} gain ${bias.gain}`,
    `    values ${tensorText(bias.values, program)}`,
  ];
  for (const starts of bias.border?.starts ?? []) lines.push(`    starts ${starts.join(' ')}`);
  return lines;
}

function readoutText({ id, bank, observable, tie, signs }: Readout): string {
  return `${id} ${bank} ${observable} tie ${tie}${signs === undefined ? '' : ` signs ${quoted(signs)}`}`;
}

function scheduleLines(schedule: Schedule): readonly string[] {
  const { sweeps, burnIn, stride, chains, colors, init, beta } = schedule;
  const betas =
    typeof beta === 'number' ? [`  beta ${beta}`] : beta.map((step) => `  beta ${step.beta} from sweep ${step.sweep}`);
  return [
    `  schedule sweeps ${sweeps} burnIn ${burnIn} stride ${stride} chains ${chains} start ${init}`,
    `  colors ${ranges(colors)}`,
    ...betas,
  ];
}

/** `F32 [96, 16, 3, 3] -0.5 … 0.75, 4 zeros, 8d5e957f2978` */
function tensorText(ref: TensorRef, program: Program): string {
  const tensor = program.tensors.get(ref.tensor);
  if (tensor === undefined) throw new TypeError(`a verified program has tensor ${ref.tensor}`);
  const { dtype, shape, data } = tensor;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const digest = bytesToHex(sha256(bytes)).slice(0, 12);
  return `${ref.tensor} ${dtype} [${shape.join(', ')}] ${rangeText(tensor)}${digest}`;
}

/** Nothing for bytes of ONNX, whose range means nothing. */
function rangeText({ dtype, data }: ProgramTensor): string {
  if (dtype === 'U8' || data.length === 0) return '';
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let zeros = 0;
  for (const entry of data) {
    const value = Number(entry);
    least = Math.min(least, value);
    most = Math.max(most, value);
    if (value === 0) zeros++;
  }
  return `${least} … ${most}, ${zeros} zeros, `;
}

/** `0 … 15` for a run of rising numbers. */
function ranges(colors: readonly number[]): string {
  const risesByOne = colors.every((color, i) => i === 0 || color === (colors[i - 1] as number) + 1);
  return risesByOne && colors.length > 2 ? `${colors[0]} … ${colors.at(-1)}` : colors.join(' ');
}

function valueText({ name, dtype, shape }: ValueSpec): string {
  return `${quoted(name)} ${dtype} [${shape.join(', ')}]`;
}

function quoted(name: string): string {
  return JSON.stringify(name);
}

/** P121 for convolutions (semantics 3.4). */

import type { ConvForm } from '../program-json.ts';
import { shapeText } from '../tensor-types.ts';
import type { ConvGeometry } from './context.ts';
import type { Ends, Refuse } from './couplings.ts';

/** The axes of a convolution that fits its banks, or undefined; `at` is the path of the form. */
export function convGeometry(
  form: ConvForm,
  kernel: readonly number[],
  { from, to }: Ends,
  at: string,
  refuse: Refuse,
): ConvGeometry | undefined {
  const input = from.bank.shape;
  const output = to.bank.shape;
  const axes = kernel.length - 2;
  const sound = [
    check(
      kernel.every((size) => size >= 1),
      `${at}.kernel`,
      `the kernel has shape ${shapeText(kernel)}: no taps`,
    ),
    check(
      input.length === axes + 1 && output.length === axes + 1,
      `${at}.kernel`,
      `a kernel of ${axes} axes joins banks of shape ${shapeText(input)} and ${shapeText(output)}`,
    ),
    checkPerAxis('strides', 1),
    checkPerAxis('dilations', 1),
    check(
      form.pads.length === 2 * axes && form.pads.every((pad) => pad >= 0),
      `${at}.pads`,
      `pads ${shapeText(form.pads)}: ${2 * axes} integers ≥ 0 belong here`,
    ),
  ].every(Boolean);
  if (!sound || !checkChannels()) return undefined;
  const axis = (n: number) => ({
    inputSize: at0(input, n + 1),
    outputSize: at0(output, n + 1),
    taps: at0(kernel, n + 2),
    stride: at0(form.strides, n),
    dilation: at0(form.dilations, n),
    padBegin: at0(form.pads, n),
  });
  const x = axis(axes - 1);
  const y = axes === 2 ? axis(0) : { inputSize: 1, outputSize: 1, taps: 1, stride: 1, dilation: 1, padBegin: 0 };
  const sizes = Array.from({ length: axes }, (_, n) => outputSize({ ...axis(n), padEnd: at0(form.pads, axes + n) }));
  const fits = sizes.every((size, n) => size === BigInt(at0(output, n + 1)));
  const message = `the output would be ${sizes.join(' × ')}, the bank is ${output.slice(1).join(' × ')}`;
  if (!check(fits, `${at}.pads`, message)) return undefined;
  const { groups } = form;
  return { y, x, groups, fromPerGroup: at0(kernel, 1), toPerGroup: at0(kernel, 0) / groups };

  function check(holds: boolean, where: string, message: string): boolean {
    if (!holds) refuse(where, message);
    return holds;
  }

  function checkPerAxis(key: 'strides' | 'dilations', least: number): boolean {
    const list = form[key];
    const holds = list.length === axes && list.every((step) => step >= least);
    return check(holds, `${at}.${key}`, `${key} ${shapeText(list)}: ${axes} integers ≥ ${least} belong here`);
  }

  function checkChannels(): boolean {
    const { groups } = form;
    const [toChannels, fromPerGroup] = kernel as [number, number];
    const divides = groups >= 1 && toChannels % groups === 0;
    if (!check(divides, `${at}.groups`, `${groups} groups do not divide ${toChannels} output channels`)) return false;
    const holds = toChannels === output[0] && fromPerGroup * groups === input[0];
    const needed = `the banks have ${input[0]} input and ${output[0]} output channels in ${groups} groups`;
    return check(holds, `${at}.kernel`, `the kernel has shape ${shapeText(kernel)}, ${needed}`);
  }
}

/** ⌊(size + padBegin + padEnd − dilation·(k−1) − 1)/stride⌋ + 1, in integers that cannot overflow. */
function outputSize(axis: {
  readonly inputSize: number;
  readonly taps: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padBegin: number;
  readonly padEnd: number;
}): bigint {
  const { inputSize, taps, stride, dilation, padBegin, padEnd } = axis;
  const span = BigInt(dilation) * BigInt(taps - 1) + 1n;
  const room = BigInt(inputSize) + BigInt(padBegin) + BigInt(padEnd) - span;
  return room < 0n ? 0n : room / BigInt(stride) + 1n;
}

function at0(list: readonly number[], n: number): number {
  return list[n] as number;
}

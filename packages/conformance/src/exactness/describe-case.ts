/** A program and a run in a few lines, for people who look for the mistake. */
import { type Block, type Program, type ProgramTensor, weightRef } from '@isinglass/sdk';
import type { ExactCase } from './exact-case.ts';
import { blockOf, type RunPlan } from './run-plan.ts';

/** Numbers of one tensor that are written out. */
const numbersShown = 24;

export function describeCase({ program, run }: ExactCase): string {
  const block = blockOf(program, run.block);
  const { fixed } = block;
  const law = fixed === undefined ? 'real law' : `fixed law, k = ${fixed.fractionBits}, β = ${fixed.beta}`;
  return [
    `block ${block.index}, ${law}, colors ${block.schedule.colors.join(' ')}`,
    ...block.banks.map((bank) => bankText(bank, program)),
    ...block.couplings.map((coupling) => couplingText(coupling, block, program)),
    ...block.biases.map(
      (bias) =>
        `bias of ${bias.bank}, ${bias.form}${bias.border === undefined ? '' : ` ${JSON.stringify(bias.border.starts)}`}, gain ${gainOf(block, bias.gain)}: ${numbers(program.tensors.get(bias.values.tensor))}`,
    ),
    runText(run),
  ].join('; ');
}

function bankText(bank: Block['banks'][number], { tensors }: Program): string {
  const shape = `[${bank.shape.join(', ')}]`;
  if (bank.role === 'pinned') return `pinned bank ${bank.id} ${shape}`;
  const colors = bank.colorMap === undefined ? bank.color : numbers(tensors.get(bank.colorMap.tensor));
  return `bank ${bank.id} ${shape} of color ${colors}`;
}

function couplingText({ id, from, to, form, scale, gain }: Block['couplings'][number], block: Block, program: Program) {
  const geometry =
    form.kind === 'conv'
      ? ` strides ${form.strides.join(' ')} pads ${form.pads.join(' ')} dilations ${form.dilations.join(' ')} groups ${form.groups}`
      : form.kind === 'sparse'
        ? ` rows ${numbers(program.tensors.get(form.rowStart.tensor))} columns ${numbers(program.tensors.get(form.column.tensor))}`
        : '';
  const weights = program.tensors.get(weightRef(form).tensor);
  const kernel = weights === undefined ? '' : ` [${weights.shape.join(', ')}]`;
  return `coupling ${id}: ${from} → ${to}, ${form.kind}${geometry}${kernel}, scale ${scale ?? 1}, gain ${gainOf(block, gain)}: ${numbers(weights)}`;
}

function gainOf({ gains }: Block, id: string): string {
  const gain = gains.find((each) => each.id === id);
  return gain === undefined ? id : `${gain.value}${gain.runtime ? ' (at run time)' : ''}`;
}

function runText(run: RunPlan): string {
  const readouts = run.readouts.map(
    ({ bank, observable, as }) => `${observable} of ${bank}${as === 'sums' ? '' : ` as ${as}`}`,
  );
  return [
    `run: images ${run.images.join(' ')}`,
    `chains ${run.chains} from ${run.chainOffset} on`,
    `${run.sweeps} sweeps from ${run.sweepOffset} on, burn-in ${run.burnIn}, stride ${run.stride}`,
    `start ${run.start.kind}`,
    `seed ${run.seed}`,
    ...(run.temperatures === null ? [] : [`temperatures ${run.temperatures.join(' ')}`]),
    ...Object.entries(run.gains).map(([id, value]) => `gain ${id} = ${value}`),
    `readouts ${readouts.join(', ')}`,
    `keep ${run.keep}`,
    ...(run.traced ? ['traced'] : []),
    ...(run.next === undefined
      ? []
      : [`then ${run.next.sweeps} sweeps more, burn-in ${run.next.burnIn}, stride ${run.next.stride}`]),
  ].join(', ');
}

function numbers(tensor: ProgramTensor | undefined): string {
  if (tensor === undefined) return '';
  const all = Array.from(tensor.data as ArrayLike<number | bigint>, (value) =>
    String(Number(Number(value).toPrecision(6))),
  );
  return all.length <= numbersShown ? all.join(' ') : `${all.slice(0, numbersShown).join(' ')} … (${all.length})`;
}

import {
  type Block,
  type CouplingForm,
  couplingView,
  type ProgramJson,
  type ProgramTensor,
  programFeatures,
  type Stage,
  weightRef,
} from '@isinglass/sdk';
import type { HostModel } from '../model/block-model.ts';
import type { ModelSizes, Pass } from '../pipeline/pass.ts';
import type { StagedModel } from '../pipeline/staged-model.ts';
import type { ScheduledBlock } from '../schedule/schedule-pass.ts';
import { type EmitOptions, emitBlock } from './emit-block.ts';

/** A program before verification. */
export interface ProgramDraft {
  readonly model: StagedModel<ScheduledBlock>;
  readonly json: ProgramJson;
  readonly tensors: ReadonlyMap<string, ProgramTensor>;
}

/** The program's name, where it comes from, and its law. */
export interface EmitPassOptions {
  readonly name: string;
  readonly provenance: ProgramJson['provenance'];
  readonly fixed: EmitOptions['fixed'];
}

/** The semantic version of the program form that this compiler writes (architecture section 4). */
const irVersion = '1.0';

/** Program JSON and tensors, with exactly the features in use. */
export function emitPass(o: EmitPassOptions): Pass<StagedModel<ScheduledBlock>, ProgramDraft> {
  return {
    name: 'emit',
    version: '1',
    async run(model, context) {
      const tensors = new Map<string, ProgramTensor>();
      const stages: Stage[] = [];
      let index = 0;
      for (const stage of model.stages) {
        await context.pause();
        if (stage.kind === 'host') stages.push(emitHost(stage.host, tensors));
        else stages.push(emitBlock(stage.block, { index: index++, fixed: o.fixed }, tensors));
      }
      const law = { kind: o.fixed === null ? 'real' : 'fixed' } as const;
      const json: ProgramJson = {
        irVersion,
        features: programFeatures({ law, stages }),
        name: o.name,
        provenance: o.provenance,
        law,
        inputs: model.source.inputs,
        outputs: model.source.outputs,
        stages,
      };
      return { model, json, tensors };
    },
    sizes: (draft) => draftSizes(draft, o.fixed?.weightBits ?? 32),
  };
}

function emitHost(host: HostModel, tensors: Map<string, ProgramTensor>): Stage {
  const tensor = `${host.id}.onnx`;
  tensors.set(tensor, { dtype: 'U8', shape: [host.onnx.length], data: host.onnx });
  return { kind: 'host', id: host.id, onnx: { tensor }, inputs: host.inputs, outputs: host.outputs };
}

/** The blocks of a program's JSON, in order. */
export function blocksOfProgram(json: Pick<ProgramJson, 'stages'>): readonly Block[] {
  return json.stages.filter((stage) => stage.kind === 'block');
}

function draftSizes({ json, tensors }: ProgramDraft, weightBits: number): ModelSizes {
  let weights = 0;
  let nonZeros = 0;
  let biasValues = 0;
  let degreeMax = 0;
  for (const block of blocksOfProgram(json)) {
    for (const bias of block.biases) biasValues += tensors.get(bias.values.tensor)?.data.length ?? 0;
    for (const coupling of block.couplings) {
      const view = couplingView(coupling, block, tensors);
      degreeMax = Math.max(degreeMax, view.maxDegree('from'), view.maxDegree('to'));
      const stored = weightTensor(coupling.form, tensors);
      weights += stored.data.length;
      for (const value of stored.data) if (Number(value) !== 0) nonZeros++;
    }
  }
  return { weights, nonZeros, weightBits, biasValues, degreeMax };
}

/** The tensor that holds a coupling's weights. */
export function weightTensor(form: CouplingForm, tensors: ProgramDraft['tensors']): ProgramTensor {
  const { tensor: name } = weightRef(form);
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new TypeError(`the draft has no tensor ${name}`);
  return tensor;
}

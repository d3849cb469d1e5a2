/** The model between passes: its stages in order, blocks in the form that the last pass gave them. */
import type { HostModel, ImportedModel } from '../model/block-model.ts';
import type { PassContext } from './pass.ts';

/** A model cut into stages, in order of execution. */
export interface StagedModel<Block> {
  readonly source: ImportedModel;
  readonly stages: readonly ModelStage<Block>[];
}

/** A part that stays with the host, or a block in its present form. */
export type ModelStage<Block> =
  | { readonly kind: 'host'; readonly host: HostModel }
  | { readonly kind: 'block'; readonly block: Block };

/** The model as it was imported, in stages. */
export function stagedModel(source: ImportedModel): StagedModel<ImportedBlock> {
  const stages = source.stages.map(
    (stage): ModelStage<ImportedBlock> =>
      stage.kind === 'host' ? { kind: 'host', host: stage } : { kind: 'block', block: stage },
  );
  return { source, stages };
}
/** A block as the importer gives it. */
export type ImportedBlock = Extract<ImportedModel['stages'][number], { kind: 'block' }>;

/** The blocks in order: entry n has index n in the program. */
export function blocksOf<Block>(model: StagedModel<Block>): readonly Block[] {
  return model.stages.flatMap((stage) => (stage.kind === 'block' ? [stage.block] : []));
}

/** The model with every block replaced; a block for which `change` gives null (it reported why) is left out. */
export async function mapBlocks<From, To>(
  model: StagedModel<From>,
  context: PassContext,
  change: (block: From, index: number) => To | null,
): Promise<StagedModel<To>> {
  const stages: ModelStage<To>[] = [];
  let index = 0;
  for (const stage of model.stages) {
    if (stage.kind === 'host') {
      stages.push(stage);
      continue;
    }
    await context.pause();
    const block = change(stage.block, index++);
    if (block !== null) stages.push({ kind: 'block', block });
  }
  return { source: model.source, stages };
}

/** Everything that can be named with `--only`: workloads that peers run too, blocks of the paper's network, the network. */
import { paperBlocks } from '../programs/paper-blocks.ts';
import { namedWorkloads } from '../workloads/workload-list.ts';

export interface Target {
  readonly name: string;
  readonly description: string;
  /** Where its problem comes from: a workload file, one block with synthetic weights, or six of them in a row. */
  readonly kind: 'workload' | 'paper-block' | 'network';
}

export const targets: readonly Target[] = [
  ...namedWorkloads.map(({ name, description }): Target => ({ name, description, kind: 'workload' })),
  ...paperBlocks('full').map(({ input, output, size, stride }, index): Target => {
    const geometry = `${input} to ${output} channels on ${size}×${size}, stride ${stride}`;
    return {
      name: `C${index + 1}`,
      description: `CIFAR-10 block ${index + 1}: ${geometry}, 16 images`,
      kind: 'paper-block',
    };
  }),
  { name: 'C', description: 'the six CIFAR-10 blocks as one program, 16 images', kind: 'network' },
];

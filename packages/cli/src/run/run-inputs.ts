/** What a run is given: images in the shape of the program's input, and their labels. */
import { type HostTensor, InvalidRequestError, type Program } from '@isinglass/sdk';
import { readImages } from '../images/read-images.ts';
import { readLabels } from '../images/read-labels.ts';

export interface RunInputs {
  /** A count for a program without inputs. */
  readonly images: HostTensor | number;
  readonly count: number;
  readonly labels: readonly number[] | null;
}

export interface RunInputFlags {
  readonly images?: string;
  readonly labels?: string;
  readonly limit?: number;
}

export function readRunInputs(program: Program, flags: RunInputFlags): RunInputs {
  const images = imagesOf(program, flags);
  const count = typeof images === 'number' ? images : (images.shape[0] ?? 0);
  const limit = flags.limit === undefined ? {} : { limit: flags.limit };
  const labels = flags.labels === undefined ? null : readLabels(flags.labels, { images: count, ...limit });
  return { images, count, labels };
}

function imagesOf(program: Program, { images, limit }: RunInputFlags): HostTensor | number {
  const [input, ...others] = program.json.inputs;
  if (input === undefined) {
    if (images === undefined) return limit ?? 1;
    throw new InvalidRequestError('the program takes no input; --limit N says how often to run it', {
      where: '--images',
    });
  }
  if (others.length > 0) {
    const count = others.length + 1;
    throw new InvalidRequestError(
      `the program has ${count} inputs, this command takes one (Session takes any number)`,
      {
        where: 'inputs',
      },
    );
  }
  if (images === undefined) {
    throw new InvalidRequestError(`the program takes ${input.name}: give --images`, { where: '--images' });
  }
  return readImages(images, input, limit === undefined ? {} : { limit });
}

/** What a classifier said: the index of the largest number of each row. */
import { InvalidRequestError } from '../errors/isinglass-error.ts';
import type { PackedSpins } from '../spins/packed-spins.ts';
import type { HostTensor } from './host-runtime.ts';

/**
 * The class of each image: the index of its largest logit, the first of equals.
 *
 * @param logits an output of a session, float32 `[images, classes]`. Anything else, an output that does not exist, and
 *   logits that are not numbers are an InvalidRequestError.
 * @example classesOf(report.outputs.logits)
 */
export function classesOf(logits: HostTensor | PackedSpins | undefined): readonly number[] {
  if (logits === undefined || !('dtype' in logits) || logits.dtype !== 'f32' || logits.shape.length !== 2) {
    throw new InvalidRequestError(`classes need an f32 output [images, classes]; this is ${description(logits)}`, {
      where: 'logits',
    });
  }
  const { data, shape } = logits;
  const [images = 0, count = 0] = shape;
  return Array.from({ length: images }, (_, n) => {
    let best = 0;
    for (let c = 0; c < count; c++) {
      const logit = data[n * count + c] as number;
      if (Number.isNaN(logit)) {
        throw new InvalidRequestError(`logit ${c} of image ${n} is not a number`, { where: `logits[${n}][${c}]` });
      }
      if (logit > (data[n * count + best] as number)) best = c;
    }
    return best;
  });
}

function description(value: HostTensor | PackedSpins | undefined): string {
  if (value === undefined) return 'no output of the program';
  if (!('dtype' in value)) return `${value.rows} rows of ${value.spinCount} spins`;
  return `${value.dtype} [${value.shape.join(', ')}]`;
}

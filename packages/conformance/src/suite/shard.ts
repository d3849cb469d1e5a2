/** A run of the suite cut into parts that several machines take. */

/** Part `index` of `count`, from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

export const wholeSuite: Shard = { index: 1, count: 1 };

/** `2/4`; throws RangeError where index or count make no sense. */
export function parseShard(text: string): Shard {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (match !== null && index >= 1 && index <= count) return { index, count };
  throw new RangeError(`"${text}" is no shard; allowed: i/n with 1 ≤ i ≤ n`);
}

export const shardText = ({ index, count }: Shard): string => `${index}/${count}`;

/** The ids of one shard, in the order of ids: every n-th, so that chapters spread over shards. */
export function idsOfShard(ids: readonly string[], { index, count }: Shard): readonly string[] {
  return ids.toSorted().filter((_, n) => n % count === index - 1);
}

/** Which checks are meant: `law.update,chapter:pins,life.*`. */
import { type CheckPlan, chapters } from '../checks/check.ts';

/** Thrown for a query that cannot be read, or that means no check. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

/** A part of a query: an id, an id with its version, a pattern with `*`, or `chapter:NAME`. */
type Part = (plan: CheckPlan) => boolean;

/**
 * Whether a plan is meant by a query: parts with commas between, each an id, an id with `@version`, a pattern with `*`, or `chapter:NAME`.
 * Throws QueryError for an unknown chapter or an empty part.
 */
export function parseQuery(query: string): (plan: CheckPlan) => boolean {
  const parts = query.split(',').map((part) => partOf(part.trim(), query));
  return (plan) => parts.some((part) => part(plan));
}

/** The plans that a query means; throws QueryError where a part of it means none. */
export function selectPlans<T extends { readonly plan: CheckPlan }>(checks: readonly T[], query: string): readonly T[] {
  for (const text of query.split(',')) {
    const part = partOf(text.trim(), query);
    if (!checks.some(({ plan }) => part(plan)))
      throw new QueryError(`no check is "${text.trim()}": isinglass conformance list has them all`);
  }
  const meant = parseQuery(query);
  return checks.filter(({ plan }) => meant(plan));
}

function partOf(text: string, query: string): Part {
  if (text === '') throw new QueryError(`"${query}" has an empty part`);
  if (text.startsWith('chapter:')) {
    const name = text.slice('chapter:'.length);
    if (!(chapters as readonly string[]).includes(name)) {
      throw new QueryError(`there is no chapter "${name}"; there are ${chapters.join(', ')}`);
    }
    return ({ chapter }) => chapter === name;
  }
  const pattern = new RegExp(`^${text.split('*').map(literal).join('.*')}(@\\d+)?$`);
  return ({ id, version }) => pattern.test(`${id}@${version}`);
}

const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

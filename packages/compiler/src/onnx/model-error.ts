import { InvalidModelError } from '@isinglass/sdk';

/** A name from a model in a message: in back quotes, cut where a hostile file would flood the terminal. */
export function quoted(name: string): string {
  return `\`${name.length > 80 ? `${name.slice(0, 77)}…` : name}\``;
}

/** An InvalidModelError at a place of the model: a node, a tensor, a value, a field. */
export function modelError(where: string, message: string, cause?: unknown): InvalidModelError {
  return new InvalidModelError(message, cause === undefined ? { where } : { where, cause });
}

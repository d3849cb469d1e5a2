/** Messages as bytes: a line of JSON, then the parts that it announces. */

/** A message, not validated yet, with its parts; each part has a buffer of its own. */
export interface Frame {
  readonly message: unknown;
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
}

/** The bytes on a pipe are no messages of the protocol. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/** A line above this is no message: the largest is a profile with its evidence. */
export const lineBytesMax = 2 ** 22;
/** All parts of one message together: what one typed array of the contract may hold, several times. */
export const partsBytesMax = 2 ** 33;

const newline = 0x0a;

/** The chunks of a message, to be written in order. `message` has `parts` where there are any. */
export function frameChunks(message: { readonly type: string }, parts: readonly Uint8Array[] = []): Uint8Array[] {
  return [new TextEncoder().encode(`${JSON.stringify(message)}\n`), ...parts.filter((part) => part.length > 0)];
}

/** Puts chunks of a pipe together into messages. */
export class FrameReader {
  /** Bytes of the line, or of the part, that is being read. */
  #chunks: Uint8Array[] = [];
  #length = 0;
  #message: unknown;
  #wanted: readonly number[] | undefined;
  #parts: Uint8Array<ArrayBuffer>[] = [];

  /** The messages that are complete with this chunk; throws ProtocolError. */
  push(chunk: Uint8Array): Frame[] {
    const frames: Frame[] = [];
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#wanted === undefined) {
        const end = rest.indexOf(newline);
        this.#keep(end < 0 ? rest : rest.subarray(0, end));
        if (this.#length > lineBytesMax) throw new ProtocolError(`a line of more than ${lineBytesMax} bytes`);
        if (end < 0) break;
        rest = rest.subarray(end + 1);
        this.#openFrame(this.#taken());
      } else {
        const missing = (this.#wanted[this.#parts.length] as number) - this.#length;
        this.#keep(rest.subarray(0, missing));
        rest = rest.subarray(missing);
      }
      const frame = this.#closeFrame();
      if (frame !== undefined) frames.push(frame);
    }
    return frames;
  }

  /** Whether a message has begun and not ended: nothing may end here. */
  get inMessage(): boolean {
    return this.#wanted !== undefined || this.#length > 0;
  }

  #keep(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.#length += bytes.length;
  }

  /** The bytes kept so far, as one array. */
  #taken(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    this.#chunks = [];
    this.#length = 0;
    return all;
  }

  #openFrame(line: Uint8Array): void {
    const text = new TextDecoder().decode(line);
    try {
      this.#message = JSON.parse(text);
    } catch {
      throw new ProtocolError(`a line that is no JSON: ${JSON.stringify(text.slice(0, 100))}`);
    }
    const { parts = [] } = (this.#message ?? {}) as { readonly parts?: unknown };
    const sound = Array.isArray(parts) && parts.every((bytes) => Number.isSafeInteger(bytes) && bytes >= 0);
    if (!sound) throw new ProtocolError(`parts that are no byte lengths: ${JSON.stringify(parts).slice(0, 100)}`);
    const total = (parts as number[]).reduce((sum, bytes) => sum + bytes, 0);
    if (total > partsBytesMax) throw new ProtocolError(`parts of ${total} bytes; at most ${partsBytesMax}`);
    this.#wanted = parts as number[];
  }

  #closeFrame(): Frame | undefined {
    if (this.#wanted === undefined) return undefined;
    while (this.#parts.length < this.#wanted.length && this.#length === this.#wanted[this.#parts.length]) {
      this.#parts.push(this.#taken());
    }
    if (this.#parts.length < this.#wanted.length) return undefined;
    const frame = { message: this.#message, parts: this.#parts };
    this.#message = undefined;
    this.#wanted = undefined;
    this.#parts = [];
    return frame;
  }
}

/** The last lines of a process's standard error, in bounded memory however much it writes. */

const linesMax = 8;
const lineCharactersMax = 300;

export class StderrTail {
  readonly #decoder = new TextDecoder();
  #lines: string[] = [];
  #open = '';

  push(chunk: Uint8Array): void {
    const [first = '', ...more] = this.#decoder.decode(chunk, { stream: true }).split('\n');
    this.#open = shortened(this.#open + first);
    if (more.length === 0) return;
    this.#lines = [...this.#lines, this.#open, ...more.slice(0, -1).slice(-linesMax)]
      .filter((line) => line.trim() !== '')
      .slice(-linesMax)
      .map(shortened);
    this.#open = shortened(more.at(-1) ?? '');
  }

  /** Newline-separated, oldest first. */
  get text(): string {
    return [...this.#lines, this.#open].filter((line) => line.trim() !== '').join('\n');
  }
}

const shortened = (line: string): string =>
  line.length > lineCharactersMax ? `${line.slice(0, lineCharactersMax)} …` : line;

/** What the machine says of an image: the digit, ten scores, how far each block is, and what it took. */
import type { Reading } from './digit-reader.ts';
import { byId, describe, made } from './elements.ts';

const share = (value: number): string => `${(100 * value).toFixed(0)} %`;
const count = (value: number): string => value.toLocaleString('en');

export class AnswerView {
  readonly #digit = byId('digit', HTMLOutputElement);
  readonly #facts = byId('facts', HTMLElement);
  readonly #scores: readonly Row[];
  readonly #blocks: readonly Row[];

  constructor(blocks: readonly string[]) {
    const digits = Array.from({ length: 10 }, (_, digit) => String(digit));
    this.#scores = rows('scores', digits, (digit) => made('meter', { ariaLabel: `score of ${digit}` }));
    this.#blocks = rows('blocks', blocks, (block) => made('progress', { value: 0, ariaLabel: `sweeps of ${block}` }));
  }

  /** `fraction` of all sweeps are done; every block has the same number of them, one block after another. */
  progress(fraction: number): void {
    this.#blocks.forEach((row, n) => {
      show(row, Math.min(1, Math.max(0, fraction * this.#blocks.length - n)));
    });
  }

  clear(): void {
    this.#digit.value = '–';
    for (const row of [...this.#scores, ...this.#blocks]) show(row, 0);
    for (const { item } of this.#scores) item.className = '';
    this.#facts.replaceChildren();
  }

  answer({ digit, scores, report }: Reading, device: string): void {
    this.#digit.value = String(digit);
    this.#scores.forEach((row, n) => {
      show(row, scores[n] ?? 0);
      row.item.className = n === digit ? 'best' : '';
    });
    const { seconds, sweeps, updates, synapticOperations } = report;
    describe(this.#facts, {
      device,
      time: `${(1000 * seconds).toFixed(1)} ms, with encoder and decoder`,
      sweeps: count(sweeps),
      'spin updates': count(updates),
      'synaptic operations': `${count(synapticOperations)}, ${(synapticOperations / seconds / 1e9).toFixed(1)} GSOP/s`,
    });
  }
}

interface Row {
  readonly item: HTMLLIElement;
  readonly bar: HTMLMeterElement | HTMLProgressElement;
  readonly text: HTMLSpanElement;
}

function rows(id: string, names: readonly string[], bar: (name: string) => Row['bar']): readonly Row[] {
  const made = names.map((name) => row(name, bar(name)));
  byId(id, HTMLElement).replaceChildren(...made.map(({ item }) => item));
  return made;
}

function row(name: string, bar: Row['bar']): Row {
  const text = made('span', { textContent: share(0) });
  return { item: made('li', {}, made('span', { textContent: name }), bar, text), bar, text };
}

function show({ bar, text }: Row, value: number): void {
  bar.value = value;
  text.textContent = share(value);
}

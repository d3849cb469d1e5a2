/** How far a session's run is: sweeps of all blocks and images, and stages where there are no blocks. */
import type { Stage } from '../program/program-json.ts';
import type { Progress } from './session-options.ts';

export class SessionProgress {
  readonly #images: number;
  readonly #push: (progress: Progress) => void;
  /** Work of all images: what each block weighs times the images. */
  readonly #total: number;
  #done = 0;
  #imagesDone = 0;

  constructor(o: { images: number; stages: readonly Stage[]; push: (progress: Progress) => void }) {
    this.#images = o.images;
    this.#push = o.push;
    this.#total = o.images * Math.max(1, o.stages.filter((stage) => stage.kind === 'block').length);
  }

  /** A reporter for one block and batch; told the share that is done, 0 … 1. */
  block(stage: Stage, images: number): (share: number) => void {
    let before = 0;
    return (share) => {
      if (share <= before) return;
      this.#done += (share - before) * images;
      before = share;
      this.#report(stage);
    };
  }

  /** A batch went through its last stage. */
  imagesDone(stage: Stage, images: number): void {
    this.#imagesDone += images;
    this.#report(stage);
  }

  #report(stage: Stage): void {
    const complete = this.#imagesDone === this.#images;
    this.#push({
      images: this.#images,
      imagesDone: this.#imagesDone,
      stage: stage.id,
      fraction: complete ? 1 : Math.min(1, this.#done / this.#total),
    });
  }
}

/** Steps of a check: each prints one line when it ends, with what it found and how long it took. */
export class Steps {
  #failed = 0;

  get failed(): number {
    return this.#failed;
  }

  /**
   * Runs one step. What it returns is printed after its name; when it throws, the message is printed, the step counts
   * as failed, and undefined comes back.
   */
  async run<T extends string | { readonly summary: string }>(name: string, step: () => T | Promise<T>) {
    const start = performance.now();
    const seconds = (): string => `${((performance.now() - start) / 1000).toFixed(1)} s`;
    try {
      const result = await step();
      console.log(`ok     ${name}: ${typeof result === 'string' ? result : result.summary} (${seconds()})`);
      return result;
    } catch (e) {
      this.#failed += 1;
      console.log(`FAILED ${name} (${seconds()})\n${indent(e instanceof Error ? e.message : String(e))}`);
      return undefined;
    }
  }
}

const indent = (text: string): string => text.trimEnd().replaceAll(/^/gm, '       ');

/** What a machine counts: cycles, each with its cause, and events. */
import { type CycleCause, cycleCauses } from '../timing/cycle-causes.ts';

export class MachineCounters {
  readonly cycles: Record<CycleCause, number>;
  updates = 0;
  flips = 0;
  saturations = 0;

  constructor() {
    this.cycles = Object.fromEntries(cycleCauses.map((cause) => [cause, 0])) as Record<CycleCause, number>;
  }

  get total(): number {
    return cycleCauses.reduce((sum, cause) => sum + this.cycles[cause], 0);
  }

  clear(): void {
    for (const cause of cycleCauses) this.cycles[cause] = 0;
    this.updates = 0;
    this.flips = 0;
    this.saturations = 0;
  }
}

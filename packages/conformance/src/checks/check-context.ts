/** What a check is given: the device, its profile, seeds, and how many samples to take. */
import type { DeviceProfile } from '@isinglass/sdk';
import type { Lab } from '../lab/lab.ts';
import type { Tolerances } from '../provider/provider.ts';
import type { RandomStream } from '../random/random-stream.ts';
import type { Level } from './check.ts';

export interface CheckContext {
  readonly profile: DeviceProfile;
  readonly level: Level;
  /** What the device claims, within the caps of the level; all 0 for a digital device that claims none. */
  readonly tolerances: Tolerances;
  /** Whether hypotheses that are rejected should name suspects, which takes as long as the test. */
  readonly suspects: boolean;
  /** 0: screen or only run; 1: confirmation on fresh seeds. */
  readonly stage: 0 | 1;
  /** Samples of this stage, where the screen takes n: 4n for a confirmation. */
  samples(n: number): number;
  /** One of three numbers, by level. */
  byLevel<T>(o: Readonly<Record<Level, T>>): T;
  /** Seeds of this case and stage; a name gives a stream of its own. */
  random(name: string): RandomStream;
  /** A freshly opened device, closed when the case ends. */
  open(): Promise<Lab>;
  readonly signal: AbortSignal;
}

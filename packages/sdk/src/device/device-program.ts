/** A program on a device: what runs are asked of. */
import type { Plan } from '../contract/driver.ts';
import type { Program } from '../program/program.ts';
import type { RunRequest, RunResult } from './run-request.ts';

export declare class DeviceProgram {
  private constructor();
  readonly program: Program;
  readonly plan: Plan;
  run(request: RunRequest): Promise<RunResult>;
  /** The program as the machine really holds it, after its own rounding; absent where the driver cannot say. */
  readonly effective?: () => Promise<Program>;
  unload(): Promise<void>;
}

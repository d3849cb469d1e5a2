/** An open device, for users: it validates, queues, splits and merges (architecture section 3). */
import type { Misfit, Plan } from '../contract/driver.ts';
import type { DeviceProfile } from '../profile/device-profile.ts';
import type { Program } from '../program/program.ts';
import type { DeviceProgram } from './device-program.ts';

export declare class Device {
  private constructor();
  readonly uri: string;
  readonly profile: DeviceProfile;
  /** Aborts with a DeviceLostError when the machine dies; not by close(). */
  readonly lost: AbortSignal;
  plan(program: Program): Plan | readonly Misfit[];
  load(program: Program, o?: { readonly signal?: AbortSignal }): Promise<DeviceProgram>;
  close(): Promise<void>;
}

/** A whole program on a device: host stages and blocks (architecture section 3). */
import type { Device } from '../device/device.ts';
import type { Logger } from '../logging/logger.ts';
import type { Program } from '../program/program.ts';
import type { HostRuntime } from './host-runtime.ts';
import type { SessionInput, SessionRun, SessionRunOptions } from './session-options.ts';

export declare class Session {
  private constructor();
  static open(
    program: Program,
    device: Device,
    o: { readonly host?: HostRuntime; readonly logger?: Logger; readonly signal?: AbortSignal },
  ): Promise<Session>;
  /** A count instead of images is for programs without inputs. */
  run(images: SessionInput | readonly SessionInput[] | number, o: SessionRunOptions): SessionRun;
  close(): Promise<void>;
}

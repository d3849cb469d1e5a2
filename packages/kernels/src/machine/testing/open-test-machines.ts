import type { Machines } from '@isinglass/sdk/machine-driver';
import type { KernelMachines } from '../kernel-machines.ts';
import type { DeviceMemory } from '../memory/device-memory.ts';
import { type KernelMachinesOptions, openMachinesOf } from '../open-kernel-machines.ts';
import { defaultPolicy, type SchedulePolicy } from '../schedule-policy.ts';
import { simdMachines } from '../simd-machine.ts';
import type { WorkerMessage, WorkerReply } from '../worker-messages.ts';
import { handlerOver, type InstantiateKernels, type TestHandler } from './test-handler.ts';

type Kind = KernelMachines<WorkerMessage, WorkerReply>;

export interface TestMachinesOptions {
  /** Read whenever a run begins or goes on: a test may change it. Default: `defaultPolicy`. */
  readonly policy?: SchedulePolicy;
  /** What every thread does. Default: what threads always do. */
  readonly handler?: TestHandler;
  /** Makes the kernels of the calling thread; other threads make their own. */
  readonly instantiate?: InstantiateKernels;
  /** Called with the memory of the device before a block is loaded. */
  readonly onLoad?: (memory: DeviceMemory) => void;
}

/** `openKernelMachines`, as a test wants them. */
export function openTestMachines(o: KernelMachinesOptions, test: TestMachinesOptions): Promise<Machines> {
  const { policy = defaultPolicy, instantiate, onLoad } = test;
  const kind = simdMachines(policy);
  const { handlerUrl } = kind.handler;
  const overKernels =
    instantiate === undefined ? kind.handler : { handlerUrl, createHandler: handlerOver(instantiate) };
  const machines: Kind = {
    ...kind,
    handler: (test.handler ?? overKernels) as Kind['handler'],
    load(request, host) {
      onLoad?.(host.memory);
      return kind.load(request, host);
    },
  };
  return openMachinesOf(o, machines);
}

/**
 * Drivers in any language: the contract over standard input and output of a process.
 */

export type { ProcessEnd } from './child-process.ts';
export type { ProcessOptions } from './driver-process.ts';
// The device and its backend
export { execBackend as default, execBackend, execCommand } from './exec-backend.ts';
export { ExecDriver, type ExecOptions } from './exec-driver.ts';
export { DeviceUnavailableError } from './exec-errors.ts';
export { execProvider } from './exec-provider.ts';
// The protocol
export {
  type DeviceMessage,
  deviceMessageSchema,
  type HostMessage,
  hostMessageSchema,
  protocolName,
} from './messages.ts';

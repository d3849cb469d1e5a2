/** What a machine answers to a host that misuses its bus: hardware would hang or compute nonsense, an emulator says so. */
import { BackendError } from '@isinglass/sdk';
import { windows, wordsPerWindow } from './hardware.ts';
import { registers } from './register-map.ts';

export class BusFault extends BackendError {
  /** The word address that was meant. */
  readonly address: number;

  constructor(address: number, message: string) {
    super(`${placeOf(address)}: ${message}`, { where: placeOf(address) });
    this.address = address;
  }
}

/** `SEED_LOW (0x00000009)`, `slots + 17 (0x04000011)`. */
function placeOf(address: number): string {
  const window = Math.floor(address / wordsPerWindow);
  const offset = address % wordsPerWindow;
  const hex = `0x${address.toString(16).padStart(8, '0')}`;
  if (window === windows.registers) {
    const register = registers.find((each) => offset >= each.offset && offset < each.offset + each.words);
    return `${register?.name ?? 'no register'} (${hex})`;
  }
  const name = Object.entries(windows).find(([, n]) => n === window)?.[0] ?? 'no window';
  return `${name} + ${offset} (${hex})`;
}

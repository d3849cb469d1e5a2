/** `isinglass devices`: what there is to run on, and why the rest is not available. */
import { type DeviceInfo, listDevices } from '@isinglass/sdk';
import type { Command } from 'commander';
import type { ContextOf } from '../command-context.ts';
import { formatTable } from '../output/table.ts';

export function addDevicesCommand(program: Command, contextOf: ContextOf): void {
  program
    .command('devices')
    .description('list available devices, and unavailable ones with the reason')
    .action(async (_options, command: Command) => {
      const context = contextOf(command);
      const { signal, logger } = context;
      const devices = await listDevices({ backends: await context.backends(), signal, logger });
      context.result({ devices }, () =>
        formatTable(
          devices.map((device) => [device.uri, device.label, availability(device)]),
          { head: ['device', 'name', 'state'] },
        ),
      );
    });
}

function availability(device: DeviceInfo): string {
  return device.available ? 'available' : `unavailable: ${device.reason}`;
}

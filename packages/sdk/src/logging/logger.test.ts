import { pino } from 'pino';
import { expect, test } from 'vitest';
import { ScriptedDriver, scriptedBackend } from '../../test/support/scripted-driver.ts';
import { openDevice } from '../device/open-device.ts';
import { randomProgram } from '../testing/random-program.ts';
import { type Logger, silentLogger } from './logger.ts';

test('a pino logger satisfies the interface, and a device writes its life to it as small plain lines', async () => {
  const lines: string[] = [];
  const logger: Logger = pino({ level: 'debug', base: null }, { write: (line: string) => void lines.push(line) });
  const driver = new ScriptedDriver();
  const device = await openDevice('scripted', { backends: [scriptedBackend(driver)], logger });
  const program = randomProgram({ seed: 8, freeSpinsMax: 8, pinnedSpinsMax: 0 });
  const block = program.json.stages.find((stage) => stage.kind === 'block')?.index ?? -1;
  const on = await device.load(program);
  await on.run({ block, images: 100, seed: 1n });
  await device.close();
  const entries = lines.map((line) => JSON.parse(line) as { msg: string; device: string });
  expect(entries.map((entry) => entry.msg)).toEqual([
    'device is open',
    'program loads',
    'run starts',
    'run is done',
    'device closes',
  ]);
  expect(entries.every((entry) => entry.device === 'scripted')).toBe(true);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(500);
});

test('the default logger writes nothing, however deep its children', () => {
  expect(silentLogger.child({ a: 1 }).child({ b: 2 })).toBe(silentLogger);
  expect(silentLogger.error({ reason: 'x' }, 'y')).toBeUndefined();
});

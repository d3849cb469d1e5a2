/** The options of a session's run that no block looks at; the others are checked with the blocks that they are for. */
import { checkDeadline, checkFields, checkSignal, checkTimeline } from '../device/check-arguments.ts';
import { invalid } from '../device/check-values.ts';
import type { Device } from '../device/device.ts';
import type { SessionRunOptions } from './session-options.ts';

const fields: Readonly<Record<keyof SessionRunOptions, true>> = {
  seed: true,
  sweeps: true,
  burnIn: true,
  stride: true,
  chains: true,
  gains: true,
  readout: true,
  start: true,
  sums: true,
  imageOffset: true,
  batch: true,
  timeline: true,
  signal: true,
  deadlineMs: true,
};

/** Throws InvalidRequestError that names the option. */
export function checkRunOptions(
  o: SessionRunOptions,
  { profile, fillsTimelines }: Pick<Device, 'profile' | 'fillsTimelines'>,
): void {
  checkFields('options', o, fields);
  checkSignal('signal', o.signal);
  checkDeadline(o.deadlineMs);
  checkTimeline(o.timeline, { offered: fillsTimelines, device: profile.name });
  if (o.gains !== undefined && (typeof o.gains !== 'object' || o.gains === null)) {
    throw invalid('gains', o.gains, 'an object by gain id, such as { delta: 0.2 }');
  }
  if (o.sums !== undefined && !Array.isArray(o.sums)) throw invalid('sums', o.sums, 'an array of names');
}

/** Temperature schedules in the fixed law (semantics 4.5). */
import type { Schedule } from '../program/program-json.ts';
import type { Words } from '../spins/packed-spins.ts';

/** b_t of "no change": β_t = β. */
export const fullTemperature = 65536;

/** ⌊(u·b + 32768) / 65536⌋: exact in float64, since |u·b| < 2⁴³. */
export function temper(field: number, b: number): number {
  return Math.floor((field * b + 32768) / 65536) + 0;
}

/** The reference β of a schedule: its number, or the largest entry of its list. */
export function referenceBeta(schedule: Schedule): number {
  return typeof schedule.beta === 'number' ? schedule.beta : Math.max(...schedule.beta.map((step) => step.beta));
}

/** One b_t per sweep 1 … `sweeps` of a run under the program's schedule, or null when β is constant. */
export function scheduleTemperatures(schedule: Schedule, sweeps: number): Words | null {
  if (typeof schedule.beta === 'number') return null;
  const reference = referenceBeta(schedule);
  const out = new Uint32Array(sweeps);
  let entry = 0;
  for (let sweep = 1; sweep <= sweeps; sweep++) {
    while (entry + 1 < schedule.beta.length && (schedule.beta[entry + 1]?.sweep ?? 0) <= sweep) entry++;
    out[sweep - 1] = Math.floor((65536 * (schedule.beta[entry]?.beta ?? reference)) / reference + 0.5);
  }
  return out;
}

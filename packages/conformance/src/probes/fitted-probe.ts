/** A probe with weights that the device can hold: fewer bits, or listed levels. */
import type { DeviceProfile } from '@isinglass/sdk';
import type { Probe } from './probe.ts';

/** The probe itself where all its weights are among those of the profile; else the nearest that are, none of them 0, with a scale that keeps the largest J. */
export function fittedProbe(probe: Probe, { weights }: DeviceProfile): Probe {
  const all = [...probe.edges, ...probe.pinnedEdges].map(({ w }) => w);
  const allowed = weights.levels?.filter((level) => level !== 0) ?? null;
  const bits = typeof weights.bits === 'number' ? weights.bits : 8;
  const largest = Math.max(1, ...all.map(Math.abs));
  const most = allowed === null ? 2 ** (bits - 1) - 1 : Math.max(...allowed.map(Math.abs));
  if (allowed === null ? largest <= most : all.every((w) => allowed.includes(w))) return probe;
  const nearest = (w: number): number => {
    const wanted = (w * most) / largest;
    if (allowed === null) return Math.sign(w) * Math.max(1, Math.min(most, Math.round(Math.abs(wanted))));
    return allowed.reduce((best, level) => (Math.abs(level - wanted) < Math.abs(best - wanted) ? level : best));
  };
  return {
    ...probe,
    scale: (probe.scale * largest) / most,
    edges: probe.edges.map((edge) => ({ ...edge, w: nearest(edge.w) })),
    pinnedEdges: probe.pinnedEdges.map((edge) => ({ ...edge, w: nearest(edge.w) })),
  };
}

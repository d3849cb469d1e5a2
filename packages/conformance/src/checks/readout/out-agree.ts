import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import type { SpinRows } from '../../lab/probe-view.ts';
import { anyStart } from '../../lab/uniform-start.ts';
import { gridWithin } from '../../probes/affordable.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { sameNumbers } from '../findings.ts';
import { readings } from './readings.ts';
import { randomWindow, type Window, windowRun, within } from './windows.ts';

/** What one run says in several ways is the same. */
export const outAgree: LogicalCheck = {
  plan: {
    id: 'out.agree',
    version: 1,
    row: 42,
    chapter: 'readout',
    title: 'Sums, states, traces and kept states of the same run agree.',
    how: 'A grid of 4×5 spins. In one run: sums or states against the trace, the last state against the trace, or against the sum of one sample. Where runs are repeatable: one sample by every exact way of reading, with one seed.',
    kind: 'logical',
    statistic: 'equality',
    samples: '12 runs (48 from standard on) of up to 3 images and 2 chains; 6 seeds (24)',
    resolution: { quick: 'any deviation', standard: 'any deviation', certify: 'any deviation' },
    level: 'quick',
    clauses: ['1.7', '1.9', '2.1', '2.5', '2.6', '6'],
    needs: ['sweeps', 'single-spin', 'snapshots'],
    kills: ['M40', 'M42', 'M45'],
    blindTo: ['M01', 'M04'],
    since: '0.1.0',
  },
  async run(c) {
    const random = c.random('grid');
    const lab = await c.open();
    const { rows, columns } = gridWithin(c.profile, { rows: 4, columns: 5 });
    const loaded = await lab.loadProbe(gridProbe(rows, columns, random), random);
    const findings: Finding[] = [];
    for (let n = 1; n <= c.byLevel({ quick: 12, standard: 48, certify: 48 }); n++) {
      const window = randomWindow(c.profile, random, 6);
      findings.push(...(await inOneRun(c, loaded, { name: `run ${n}`, window, random })));
    }
    if (c.profile.determinism === 'statistical') return findings;
    for (let n = 1; n <= c.byLevel({ quick: 6, standard: 24, certify: 24 }); n++) {
      const images = Math.min(3, loaded.rowsPerRun());
      const stride = c.profile.readout.strideMin;
      const start = anyStart(loaded, images);
      const run = { images, sweeps: 2 * stride, burnIn: stride, stride, start, seed: random.bits64() };
      const [first, ...others] = (await readings(loaded, run)).filter(({ exact }) => exact);
      if (first === undefined) continue;
      for (const { way, values } of others) {
        findings.push(sameNumbers(`seed ${n}: ${way} as ${first.way}`, first.values, values));
      }
    }
    return findings;
  },
};

async function inOneRun(
  c: CheckContext,
  loaded: LoadedProbe,
  { name, window, random }: { readonly name: string; readonly window: Window; readonly random: RandomStream },
): Promise<readonly Finding[]> {
  const { readout } = c.profile;
  const { images, chains } = within(c.profile, { images: random.integer(1, 3), chains: random.integer(1, 2) });
  const rows = images * chains;
  const start = anyStart(loaded, rows);
  const run = { ...windowRun(window), images, chains, start, seed: random.bits64(), keep: 'host' as const };
  const traced: Int8Array[] = [];
  const trace = readout.trace
    ? {
        trace(sweep: number, { values }: SpinRows) {
          traced[sweep] = values.slice();
        },
      }
    : {};
  const observable = readout.observables.find((each) => each !== 'conditional-sum');
  const result = await loaded.run({ ...run, ...trace, ...(observable === undefined ? {} : { observable }) });
  const findings: Finding[] = [];
  const last = result.last === undefined ? undefined : loaded.fromBanks(result.last).values;
  const retained = Array.from({ length: window.kept }, (_, k) => window.burnIn + (k + 1) * window.stride);
  if (readout.trace) {
    const kept = retained.map((sweep) => traced[sweep] ?? new Int8Array());
    if (observable === 'spin-sum') {
      const expected = sumsOver(kept, { images, chains, spins: loaded.spins });
      findings.push(sameNumbers(`${name}: sums as the trace`, expected, loaded.sumsOf(result, images)));
    } else if (observable === 'state') {
      for (const [k, values] of kept.entries()) {
        const seen = loaded.statesOf(result, rows, k, window.kept).values;
        findings.push(sameNumbers(`${name}: state ${k} as the trace`, values, seen));
      }
    }
    findings.push(sameNumbers(`${name}: last state as the trace`, traced.at(-1) ?? [], last ?? []));
  } else if (observable === 'state' && window.left === 0) {
    const seen = loaded.statesOf(result, rows, window.kept - 1, window.kept).values;
    findings.push(sameNumbers(`${name}: last state as state ${window.kept - 1}`, seen, last ?? []));
  } else if (observable === 'spin-sum' && window.left === 0 && window.kept === 1 && chains === 1) {
    findings.push(sameNumbers(`${name}: last state as the sum`, loaded.sumsOf(result, images), last ?? []));
  } else {
    findings.push({ name: `${name}: a last state is kept`, ok: last !== undefined });
  }
  return findings;
}

/** Images × spins, over the chains of an image and the retained states. */
function sumsOver(
  states: readonly Int8Array[],
  o: { readonly images: number; readonly chains: number; readonly spins: number },
): Int32Array {
  const sums = new Int32Array(o.images * o.spins);
  for (const values of states) {
    for (const [n, value] of values.entries()) {
      const row = Math.floor(n / o.spins);
      const at = Math.floor(row / o.chains) * o.spins + (n % o.spins);
      sums[at] = (sums[at] as number) + value;
    }
  }
  return sums;
}

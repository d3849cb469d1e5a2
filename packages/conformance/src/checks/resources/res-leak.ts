import { outcomeOf } from '../../lab/outcome.ts';
import { anyStart } from '../../lab/uniform-start.ts';
import { heldSpins } from '../../probes/affordable.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import { allOf, must, sameNumbers } from '../findings.ts';
import { heldProbe, randomSigns, readPattern, strongField, votesFor } from '../strong-fields.ts';
import { memoryAfterCollection } from './memory.ts';

const spinsWanted = 200;
/** Readings of the memory; the first is after a quarter of the cycles. */
const readings = 4;
const mebibyte = 2 ** 20;

/** What is loaded and unloaded leaves nothing behind. */
export const resLeak: LogicalCheck = {
  plan: {
    id: 'res.leak',
    version: 1,
    row: 62,
    chapter: 'resources',
    title: 'A device can load, run and unload again and again without running out.',
    how: 'Cycles of load, run, aborted run, kept state that is not released, unload. Every cycle must work, which a device of limited memory or queues shows. Where the device lives in this process, memory is read after forced collections of garbage.',
    kind: 'near-certain',
    statistic:
      'every cycle shows its pattern; the lower end of Theil and Sen’s 99.9 % interval of bytes per cycle is below a hard bound',
    samples: '48 cycles, 480 at standard, 1920 at certify; memory at 4 of them',
    resolution: {
      quick: '1 MiB per cycle',
      standard: '128 KiB per cycle',
      certify: '32 KiB per cycle; memory outside this process is not seen at any level',
    },
    level: 'quick',
    clauses: ['contract: LoadedProgram.unload', 'contract: StateHandle', 'profile: residency'],
    needs: ['single-spin'],
    kills: ['M52'],
    blindTo: ['M44'],
    conservative: 'only growth above the bound in every third fails',
    since: '0.1.0',
  },
  async run(c) {
    const random = c.random('cycles');
    const lab = await c.open();
    const cycles = c.byLevel({ quick: 48, standard: 480, certify: 1920 });
    const bound = c.byLevel({ quick: mebibyte, standard: mebibyte / 8, certify: mebibyte / 32 });
    const field = strongField(c.profile);
    const spins = heldSpins(c.profile, spinsWanted);
    const votes = votesFor(spins * cycles, field, c);
    const findings: Finding[] = [];
    const at: number[] = [];
    const bytes: number[] = [];
    const resumable = c.profile.init.includes('resume');
    for (let n = 1; n <= cycles; n++) {
      const signs = randomSigns(spins, random);
      const loaded = await lab.loadProbe(heldProbe(signs, field, random), random);
      const seen = await readPattern(loaded, { seed: random.bits64(), votes });
      findings.push(sameNumbers(`cycle ${n}`, signs, seen));
      const run = { images: 1, sweeps: c.profile.readout.strideMin, stride: c.profile.readout.strideMin };
      const rest = { ...run, start: anyStart(loaded, 1), seed: random.bits64() };
      if (resumable) await loaded.run({ ...rest, keep: 'device' });
      await outcomeOf(loaded.run({ ...rest, signal: AbortSignal.abort(new Error('not wanted')) }));
      await lab.unload(loaded.loaded);
      if (n % (cycles / readings) !== 0) continue;
      const memory = memoryAfterCollection();
      if (memory === undefined) continue;
      at.push(n);
      bytes.push(memory);
    }
    return [allOf('cycles', findings), ...growth({ at, bytes, bound })];
  },
};

/** The smallest of the slopes between consecutive readings: what leaks grows in all of them. */
function growth(o: { readonly at: readonly number[]; readonly bytes: readonly number[]; readonly bound: number }) {
  if (o.at.length < readings) return [{ name: 'memory is not seen from here', ok: true }];
  const slopes = o.at.slice(1).map((cycle, n) => {
    return ((o.bytes[n + 1] as number) - (o.bytes[n] as number)) / (cycle - (o.at[n] as number));
  });
  const text = slopes.map((slope) => Math.round(slope)).join(', ');
  const name = `memory: ${text} bytes per cycle`;
  return [must(name, Math.min(...slopes) <= o.bound, `at most ${o.bound} in one of them`, text)];
}

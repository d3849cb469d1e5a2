import { anyStart } from '../../lab/uniform-start.ts';
import { copiedSpins } from '../../probes/affordable.ts';
import type { Probe } from '../../probes/probe.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { must } from '../findings.ts';
import { randomSigns, strongField } from '../strong-fields.ts';
import { randomWindow, windowRun, within } from './windows.ts';

const spinsWanted = 20;

/** Where the field is known, so is every term of a conditional sum. */
export const outConditional: LogicalCheck = {
  plan: {
    id: 'out.conditional',
    version: 1,
    row: 42,
    chapter: 'readout',
    title: 'Conditional sums of spins with pinned neighbours are exact integers.',
    how: '20 free spins that two pinned spins of their own and a field drive, some into saturation; random windows, images and chains.',
    kind: 'logical',
    statistic:
      'sum = K·chains·(2T − 65536), T the numerator of the exact probability over 65536; under the real law, whose evaluation is free, T may be off by 1',
    samples: '16 runs (64 from standard on) of up to 3 images, 3 chains and 6 samples',
    resolution: { quick: 'any deviation', standard: 'any deviation', certify: 'any deviation' },
    level: 'quick',
    clauses: ['2.1', '4.6', '7'],
    needs: ['single-spin', 'pins', 'conditional-sum', 'sharp-law'],
    kills: ['M03', 'M18', 'M39', 'M40'],
    blindTo: ['M04', 'M24'],
    since: '0.1.0',
  },
  async run(c) {
    const random = c.random('pins');
    const lab = await c.open();
    const spins = copiedSpins(c.profile, spinsWanted, { pinned: 2 });
    const findings: Finding[] = [];
    for (const law of c.profile.law) {
      const loaded = await lab.loadProbe(drivenProbe(c, spins, random), random, { law });
      for (let n = 1; n <= c.byLevel({ quick: 16, standard: 64, certify: 64 }); n++) {
        const window = randomWindow(c.profile, random, 6);
        const { images, chains } = within(c.profile, { images: random.integer(1, 3), chains: random.integer(1, 3) });
        const pinned = randomSigns(images * 2 * spins, random);
        const start = anyStart(loaded, images * chains);
        const run = { ...windowRun(window), images, chains, start, pinned, seed: random.bits64() };
        const sums = loaded.sumsOf(await loaded.run({ ...run, observable: 'conditional-sum' }), images);
        const terms = window.kept * chains;
        const free = new Int8Array(spins).fill(1);
        const wrong = [...sums].flatMap((sum, at) => {
          const image = Math.floor(at / spins);
          const own = loaded.law(pinned.subarray(image * 2 * spins, (image + 1) * 2 * spins));
          const expected = Math.round(terms * (2 * 65536 * own.up(at % spins, free) - 65536));
          const off = Math.abs(sum - expected);
          return off <= (law === 'real' ? 2 * terms : 0) ? [] : [`${sum} for ${expected}`];
        });
        const name = `${law} law, run ${n}: ${window.kept} samples of ${chains} chains`;
        findings.push(must(name, wrong.length === 0, 'exact sums', `${wrong[0]}; ${wrong.length} differ`));
      }
      await lab.unload(loaded.loaded);
    }
    return findings;
  },
};

function drivenProbe({ profile }: CheckContext, spins: number, random: RandomStream): Probe {
  const most = strongField(profile);
  const list = Array.from({ length: spins }, (_, n) => n);
  const weight = (): number => random.sign() * random.integer(4, 20);
  return {
    name: 'spins with pinned neighbours',
    colors: list.map((n) => (n % 2) as 0 | 1),
    edges: [],
    pinned: 2 * spins,
    pinnedEdges: list.flatMap((n) => [2 * n, 2 * n + 1].map((pin) => ({ free: n, pinned: pin, w: weight() }))),
    scale: 0.05,
    // A quarter of the spins is saturated by its field.
    fields: list.map((n) => random.sign() * Math.min(most, n % 4 === 0 ? 9 : random.uniform())),
  };
}

/** Section 3 of docs/devices.md: machines of which only numbers are published. */
import { type DeviceProfile, type Limit, weakestGrade } from '@isinglass/sdk';
import { allEnvelopes } from '../../packages/backend-fpga-sim/src/envelopes/all-envelopes.ts';
import { type Envelope, envelopeLabel } from '../../packages/backend-fpga-sim/src/envelopes/envelope.ts';
import type { NoiseModel } from '../../packages/backend-fpga-sim/src/envelopes/noise-model.ts';
import { code, numberText, rounded, table, updatesText, withPrefix } from './cells.ts';

const none = '–';

export function envelopesTable(): string {
  const rows = allEnvelopes.map((envelope) => {
    const { id, family, profile } = envelope;
    return [
      code(id),
      profile.description.replace(` ${envelopeLabel}`, ''),
      family,
      limitText(profile.spins.max),
      limitText(profile.couplings.degreeMax.limit),
      coefficientText(profile.weights),
      coefficientText(profile.bias),
      profile.pins.kind,
      weakestGrade(profile.evidence.map(({ grade }) => grade)) ?? 'unstated',
    ];
  });
  return table(['id', 'what', 'family', 'spins', 'degree', 'couplings', 'biases', 'pins', 'weakest grade'], rows);
}

export function envelopeCostsTable(): string {
  const rows = allEnvelopes.map((envelope) => [
    code(envelope.id),
    timeText(envelope),
    energyText(envelope.profile.energy),
    sourcesText(envelope),
  ]);
  return table(['id', 'time', 'energy', 'source'], rows);
}

/** Of machines that have any. */
export function noiseTable(): string {
  const rows = allEnvelopes.flatMap(({ id, noise }) => {
    const parts = noiseParts(noise);
    return parts.length === 0 ? [] : [[code(id), parts.join(', ')]];
  });
  return table(['id', 'noise and rounding'], rows);
}

function limitText(limit: Limit): string {
  if (limit === null) return 'unstated';
  return typeof limit === 'number' ? numberText(limit) : limit;
}

function coefficientText(of: DeviceProfile['weights'] | DeviceProfile['bias']): string {
  const { bits, range } = of;
  const levels = 'levels' in of ? of.levels : null;
  const parts = [
    ...(bits === null ? [] : [`${limitText(bits)} bits`]),
    ...(levels === null ? [] : [`integers ${numberText(Math.min(...levels))} … ${numberText(Math.max(...levels))}`]),
    ...(range.min === null || levels !== null ? [] : [rangeText([range.min, range.max ?? 0])]),
  ];
  return parts.length === 0 ? 'unstated' : parts.join(', ');
}

const rangeText = (range: readonly [number, number]): string => `[${range.map(numberText).join(', ')}]`;

function timeText({ time, profile, link }: Envelope): string {
  const { clockHz } = profile.timing;
  const clock = clockHz === null ? '' : ` at ${withPrefix(clockHz, 'Hz', 4)}`;
  const beats =
    link?.kind === 'axi-lite' ? `; ${link.readBeatNs} ns to read 32 bits, ${link.writeBeatNs} ns to write them` : '';
  switch (time.kind) {
    case 'sweeps': {
      const cycles = time.cyclesPerSweep === 1 ? '1 cycle' : `${time.cyclesPerSweep} cycles`;
      const frame =
        time.frameReadNs === null ? '' : `; ${withPrefix(time.frameReadNs / 1e9, 's', 3)} to read all states`;
      return `${cycles} a sweep${clock}${frame}${beats}`;
    }
    case 'updates':
      return `${updatesText(time.updatesPerSecond)}${clock}`;
    case 'anneal':
      return `programming ${numberText(time.programmingUs)} µs; anneal ${time.annealUs}, readout ${time.readoutUs}, delay ${time.delayUs} µs for each read`;
    case 'dense-synchronous':
      return `⌈N²/${numberText(time.adders)}⌉${time.fillCycles === 0 ? '' : ` + ${time.fillCycles}`} cycles a step${clock}`;
    case 'solve':
      return `${withPrefix(time.solveNs / 1e9, 's', 3)} a solution`;
    case 'memory':
      return `${time.bytesPerUpdate} B an update at ${withPrefix(time.bytesPerSecond, 'B/s', 6)}`;
    case 'unstated':
      return 'unstated';
    default:
      return time satisfies never;
  }
}

const energies = [
  ['joulesPerUpdate', 'an update'],
  ['joulesPerBitRead', 'a bit read'],
  ['joulesPerBitWritten', 'a bit written'],
] as const;

function energyText(energy: DeviceProfile['energy']): string {
  const parts = energies.flatMap(([name, of]) => {
    const joules = energy[name];
    return joules === null || joules === 0 ? [] : [`${withPrefix(joules, 'J', 4)} ${of}`];
  });
  if (energy.staticWatts !== null) parts.push(`${withPrefix(energy.staticWatts, 'W', 5)} static`);
  return parts.length === 0 ? 'unstated' : parts.join(', ');
}

/** Each source once, with what its numbers are worth. Of a work that is there already, only what stands after its first `;`. */
function sourcesText({ profile }: Envelope): string {
  const grades = new Map<string, Set<string>>();
  for (const { source, grade } of profile.evidence) {
    // Such a number is another one's part.
    if (!source.startsWith('contained in')) grades.set(source, (grades.get(source) ?? new Set()).add(grade));
  }
  const works = new Set<string>();
  const parts = [...grades].map(([source, of]) => {
    const [work = '', ...detail] = source.split('; ');
    const text = works.has(work) && detail.length > 0 ? detail.join('; ') : source;
    works.add(work);
    return `${text} (${[...of].join(', ')})`;
  });
  return parts.length === 0 ? none : parts.join('; ');
}

function noiseParts(noise: NoiseModel): string[] {
  const parts: string[] = [];
  const add = (shown: boolean, text: string): void => {
    if (shown) parts.push(text);
  };
  add(noise.biasSigma !== 0, `σ_h ${noise.biasSigma}`);
  add(noise.couplingSigma !== 0, `σ_J ${noise.couplingSigma}`);
  add(noise.susceptibility !== 0, `χ ${numberText(noise.susceptibility)}`);
  add(noise.betaEffective !== 1, `β 1/${rounded(1 / noise.betaEffective, 3)}`);
  add(noise.readoutFlip !== 0, `wrong read ${noise.readoutFlip}`);
  add(noise.coefficientBits !== null, `${noise.coefficientBits} bits`);
  add(noise.biasRange !== null, `h clipped to ${rangeText(noise.biasRange ?? [0, 0])}`);
  add(noise.couplingRange !== null, `J clipped to ${rangeText(noise.couplingRange ?? [0, 0])}`);
  add(noise.offsetSigma !== 0, `σ of offsets ${noise.offsetSigma}`);
  add(noise.gainSigma !== 0, `σ of gains ${noise.gainSigma}`);
  add(noise.correlationNs !== null, `random numbers correlated over ${noise.correlationNs} ns`);
  return parts;
}

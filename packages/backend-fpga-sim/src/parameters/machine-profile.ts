/** An emulated machine as a device profile: what it takes, what it promises, and the source and grade of every number. */
import { type DeviceProfile, type Evidence, type Feature, features, parseDeviceProfile } from '@isinglass/sdk';
import { type Activation, updateProbabilityDeviation } from '../arithmetic/activation.ts';
import type { EngineParameters, LinkParameters } from './engine-parameters.ts';
import { fieldBits } from './field-format.ts';
import { type NumberSource, namedSets, type SetName } from './named-sets.ts';
import type { ParameterName } from './parameter-table.ts';
import type { EmulatedMachine } from './resolve-parameters.ts';

/** |Σ w·s| < 2²¹ in every program (semantics 4.1): no sum leaves an accumulator of so many bits. */
const accumulatorBitsEnough = 22;

/** The field beyond which a table has no entries: −8 … 8 (semantics 4.6). */
const tableSpan = 16;

export interface MachineProfileOptions {
  /** Rows (images × chains) of one run. */
  readonly rowsMax: number;
  /** From the signal of a run to its end, ms. */
  readonly cancelMs: number;
}

/** Whether probabilities are those of semantics 4.6, to the bit, for every program that the machine holds. */
export function hasExactActivation({ activation, format, thresholdBits }: EngineParameters): boolean {
  if (thresholdBits !== 16) return false;
  return (
    activation.kind === 'exact' ||
    (activation.kind === 'table' && activation.entries >= tableSpan * 2 ** format.fractionBits)
  );
}

/** Whether sums can leave the accumulator of a machine that runs all the same. */
export const mayOverflow = ({ overflow, accumulatorBits }: EngineParameters): boolean =>
  overflow === 'saturate' && accumulatorBits < accumulatorBitsEnough;

/** The level of semantics 6 that a machine promises. */
export function determinismOf(parameters: EngineParameters): DeviceProfile['determinism'] {
  if (!hasExactActivation(parameters)) return 'statistical';
  return parameters.generator === 'philox' && !mayOverflow(parameters) ? 'exact' : 'repeatable';
}

/** The profile, deeply frozen. */
export function machineProfile(machine: EmulatedMachine, o: MachineProfileOptions): DeviceProfile {
  const { parameters: p } = machine;
  const forms = formsOf(p);
  // A host that counts states knows nothing of fields.
  const conditionalSums = p.readout !== 'raw' && p.counterBits >= conditionalSumBits;
  const anyNumber = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE };
  const largestBias = 2 ** p.format.integerBits;
  return parseDeviceProfile({
    profileVersion: '1.0',
    name: `fpga-sim:${p.set}`,
    vendor: 'Isinglass',
    description: descriptionOf(p),
    features: featuresOf(p, { forms, conditionalSums }),
    law: ['fixed'],
    dynamics: { kind: 'chromatic-gibbs', colorsMax: p.colors, betaRange: { min: 0, max: Number.MAX_VALUE } },
    spins: { max: p.spins, perTileMax: p.spins },
    couplings: {
      forms,
      // A coupling takes at least one slot; with padding it may take more, which the machine's own plan counts.
      max: p.engine === 'lane' ? p.couplingSlots : 'unlimited',
      degreeMax: { limit: p.degree, count: 'free' },
      topology: { kind: 'any' },
    },
    weights: {
      // ±1 is what two bits of two's complement hold (semantics 4.1).
      bits: Math.max(2, p.weightBits),
      levels: p.weightBits === 1 ? [-1, 1] : null,
      scalePer: 'coupling',
      range: anyNumber,
    },
    bias: { bits: fieldBits(p.format), granularity: 'spin', range: { min: -largestBias, max: largestBias } },
    field: {
      fractionBits: { min: 4, max: p.format.fractionBits },
      // With saturation, programs are taken whatever their sums.
      accumulatorBits: p.overflow === 'saturate' ? 'unlimited' : p.accumulatorBits,
    },
    activation: activationOf(p),
    pins: { kind: 'native' },
    init: ['random', 'given', 'resume'],
    readout: {
      observables: ['spin-sum', ...(conditionalSums ? ['conditional-sum'] : []), 'state'],
      signs: true,
      trace: true,
      counterBits: p.counterBits,
      strideMin: 1,
    },
    batch: { imagesMax: 'unlimited', chainsMax: 'unlimited', rowsMax: o.rowsMax, inFlight: 1 },
    residency: { blocks: 1, reloadNs: null },
    cancel: { latencyMs: o.cancelMs },
    determinism: determinismOf(p),
    tolerances: { updateProbability: updateProbabilityOf(p), betaRelative: null, fieldAbsolute: null },
    timing: { clockHz: p.clockHz, sweepNs: null, updateNs: null },
    io: ioOf(p.link),
    energy: { ...p.energy },
    noise: { biasSigma: null, couplingSigma: null, betaSigmaRelative: null },
    evidence: evidenceOf(machine),
  });
}

/** The largest deviation of an update from the law, over all grids that the machine takes; null: none. */
function updateProbabilityOf(p: EngineParameters): number | null {
  if (hasExactActivation(p)) return null;
  const activation: Activation = { ...p.activation, thresholdBits: p.thresholdBits };
  const grids = Array.from({ length: p.format.fractionBits - 3 }, (_, n) => n + 4);
  return Math.max(...grids.map((fractionBits) => updateProbabilityDeviation(activation, fractionBits)));
}

/** Counters of fewer bits do not hold one conditional mean, ±65536. */
const conditionalSumBits = 18;

const formsOf = ({ engine }: EngineParameters): DeviceProfile['couplings']['forms'] =>
  engine === 'conv' ? ['conv', 'dense'] : ['conv', 'dense', 'sparse', 'diagonal'];

function featuresOf(
  p: EngineParameters,
  o: { readonly forms: DeviceProfile['couplings']['forms']; readonly conditionalSums: boolean },
): readonly Feature[] {
  const lacking = new Set<Feature>(['real']);
  for (const form of ['conv', 'dense', 'sparse', 'diagonal'] as const) if (!o.forms.includes(form)) lacking.add(form);
  if (p.engine === 'conv') lacking.add('color-map');
  if (!o.conditionalSums) lacking.add('conditional-sum');
  if (p.temperatureSweeps === 0) lacking.add('temperature');
  return features.filter((feature) => !lacking.has(feature));
}

function activationOf(p: EngineParameters): DeviceProfile['activation'] {
  const { activation } = p;
  if (hasExactActivation(p)) return { kind: 'exact' };
  if (activation.kind === 'clip') return { kind: 'clip', fieldMax: activation.fieldMax };
  // A full table of 8-bit probabilities is a table like any other.
  return {
    kind: 'table',
    entries: activation.kind === 'table' ? activation.entries : tableSpan * 2 ** p.format.fractionBits,
  };
}

function descriptionOf(p: EngineParameters): string {
  const parts: string[] = [namedSets[p.set as SetName].text];
  parts.push('Emulated cycle by cycle.');
  if (mayOverflow(p)) parts.push(`Sums stop at ${p.accumulatorBits} bits, and are counted where they do.`);
  return parts.join(' ');
}

function ioOf(link: LinkParameters): DeviceProfile['io'] {
  if (link.kind !== 'axi-lite') return { linkBytesPerSecond: link.bytesPerSecond, latencyNs: link.latencyNs };
  const beatNs = Math.max(link.readBeatNs, link.writeBeatNs);
  return { linkBytesPerSecond: beatNs === 0 ? null : 4e9 / beatNs, latencyNs: beatNs };
}

/** Which parameter a number of the profile comes from. */
const origins: readonly { readonly path: string; readonly from: (p: EngineParameters) => ParameterName }[] = [
  { path: 'spins.max', from: () => 'spins' },
  { path: 'couplings.degreeMax.limit', from: () => 'degree' },
  { path: 'dynamics.colorsMax', from: () => 'colors' },
  { path: 'weights.bits', from: () => 'weightBits' },
  { path: 'bias.bits', from: () => 'format' },
  { path: 'field.fractionBits', from: () => 'format' },
  { path: 'field.accumulatorBits', from: () => 'accumulatorBits' },
  { path: 'readout.counterBits', from: () => 'counterBits' },
  { path: 'timing.clockHz', from: () => 'clockMHz' },
  { path: 'io.linkBytesPerSecond', from: (p) => (p.link.kind === 'axi-lite' ? 'readBeatNs' : 'linkMBps') },
  { path: 'io.latencyNs', from: (p) => (p.link.kind === 'axi-lite' ? 'readBeatNs' : 'linkLatencyUs') },
  { path: 'energy.joulesPerUpdate', from: () => 'pJPerUpdate' },
  { path: 'energy.joulesPerSynapticOperation', from: () => 'pJPerSynapticOperation' },
  { path: 'energy.joulesPerBitRead', from: () => 'pJPerBitRead' },
  { path: 'energy.joulesPerBitWritten', from: () => 'pJPerBitWritten' },
  { path: 'energy.joulesPerMemoryBit', from: () => 'pJPerMemoryBit' },
  { path: 'energy.staticWatts', from: () => 'staticWatts' },
];

/** A machine is what it is defined as; only numbers that stand for hardware have a source outside. */
const byDefinition: NumberSource = { source: 'what this emulated machine is defined by', grade: 'exact' };

function evidenceOf({ parameters, sources }: EmulatedMachine): readonly Evidence[] {
  const energy: Readonly<Record<string, number | null>> = { ...parameters.energy };
  return origins.flatMap(({ path, from }): readonly Evidence[] => {
    const unstated = path.startsWith('energy.') && energy[path.slice('energy.'.length)] === null;
    return unstated ? [] : [{ path, ...(sources[from(parameters)] ?? byDefinition) }];
  });
}

/** Quantum annealers (devices.md 3, 3.1). */
import { type Envelope, type EnvelopeData, envelope, from } from './envelope.ts';

const ocean = 'D-Wave Ocean documentation, dwave-ocean-sdk @2a2caf8: solver properties, errors, operation timing';

/** ICE: sigma of h 0.01 to 0.025, of J 0.0095 to 0.0155, χ −0.015 to −0.04, read error at most 10⁻³: middles of what is published. */
const ice = {
  biasSigma: 0.018,
  couplingSigma: 0.0125,
  susceptibility: -0.03,
  readoutFlip: 1e-3,
  biasRange: [-4, 4],
  couplingRange: [-1, 1],
} as const;

const dwave = (
  o: Pick<EnvelopeData, 'id' | 'text' | 'spins' | 'degree' | 'couplings' | 'topology' | 'time'> & {
    readonly betaEffective: number;
  },
) =>
  envelope({
    ...o,
    vendor: 'D-Wave',
    family: 'annealer',
    noise: { ...ice, betaEffective: o.betaEffective },
    weights: { bits: null, range: [-1, 1] },
    bias: { bits: null, range: [-4, 4] },
    pins: 'fold',
    energy: { staticWatts: 12_500 },
    evidence: [
      ...from(ocean, 'exact', 'spins.max', 'couplings.max', 'couplings.degreeMax.limit', 'weights.range', 'bias.range'),
      ...from(`${ocean}; average power of the installation`, 'published', 'energy.staticWatts'),
      ...from(
        `${ocean}; the longest of ranges, default anneal of 20 µs`,
        'published',
        'time.programmingUs',
        'time.annealUs',
        'time.readoutUs',
        'time.delayUs',
      ),
      ...from(
        `${ocean}; the middle of ranges`,
        'estimate',
        'noise.biasSigma',
        'noise.couplingSigma',
        'noise.susceptibility',
        'noise.betaEffective',
      ),
    ],
  });

export const annealers: readonly Envelope[] = [
  dwave({
    id: 'dwave-advantage2',
    text: 'Advantage2, 4,577 qubits, Zephyr Z12.',
    spins: 4577,
    degree: 20,
    couplings: 41_515,
    topology: { kind: 'zephyr', size: [12] },
    time: { kind: 'anneal', programmingUs: 33_600, annealUs: 20, readoutUs: 101, delayUs: 60.6 },
    betaEffective: 1 / 0.115,
  }),
  dwave({
    id: 'dwave-advantage2-z6',
    text: 'Advantage2 prototype, 1,202 qubits, Zephyr Z6.',
    spins: 1202,
    degree: 20,
    couplings: 10_537,
    topology: { kind: 'zephyr', size: [6] },
    time: { kind: 'anneal', programmingUs: 8000, annealUs: 20, readoutUs: 45, delayUs: 20.6 },
    betaEffective: 1 / 0.115,
  }),
  dwave({
    id: 'dwave-advantage',
    text: 'Advantage, 5,612 qubits, Pegasus P16.',
    spins: 5612,
    degree: 15,
    couplings: 40_088,
    topology: { kind: 'pegasus', size: [16] },
    time: { kind: 'anneal', programmingUs: 14_150, annealUs: 20, readoutUs: 235, delayUs: 20.5 },
    betaEffective: 1 / 0.21,
  }),
];

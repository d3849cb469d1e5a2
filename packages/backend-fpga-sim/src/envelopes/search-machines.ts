/** Digital, CMOS and bifurcation machines that search low energies (devices.md 3, 3.1). Vendors publish no power: energies are unstated. */
import { type Envelope, envelope, from } from './envelope.ts';

const da1 = 'Aramon 2018 (summary): Arria 10 prototype';
const vendorApi = 'vendor API, seen second-hand (ferrotherm ledger)';

export const searchMachines: readonly Envelope[] = [
  envelope({
    id: 'fujitsu-da1',
    vendor: 'Fujitsu',
    text: 'Digital Annealer of the first generation, 1,024 spins, complete graph.',
    family: 'digital-annealer',
    // 5 cycles for an update at 100 MHz, with all spins tried at once.
    time: { kind: 'updates', updatesPerSecond: 2e7 },
    spins: 1024,
    degree: 1023,
    weights: { bits: 16 },
    bias: { bits: 26 },
    pins: 'fold',
    clockHz: 100e6,
    evidence: [
      ...from(da1, 'published', 'spins.max', 'weights.bits', 'bias.bits', 'timing.clockHz', 'time.updatesPerSecond'),
    ],
  }),
  envelope({
    id: 'fujitsu-da2',
    vendor: 'Fujitsu',
    text: 'Digital Annealer of the second generation, 8,192 spins, complete graph.',
    family: 'digital-annealer',
    time: { kind: 'unstated' },
    spins: 8192,
    degree: 8191,
    pins: 'fold',
    evidence: [...from('vendor page', 'published', 'spins.max')],
  }),
  ...(['fujitsu-da3', 'fujitsu-da4'] as const).map((id) =>
    envelope({
      id,
      vendor: 'Fujitsu',
      text: 'Digital Annealer as a service, 100,000 spins, complete graph.',
      family: 'digital-annealer',
      time: { kind: 'unstated' },
      spins: 100_000,
      degree: 99_999,
      weights: { bits: 64 },
      bias: { bits: 76 },
      pins: 'native',
      evidence: [...from(vendorApi, 'published', 'spins.max', 'weights.bits', 'bias.bits')],
    }),
  ),
  envelope({
    id: 'hitachi-acw-asic',
    vendor: 'Hitachi',
    text: "CMOS annealing web service, 384 × 384 spins on a king's graph, integers of −7 to 7; minimises +Σ J s s.",
    family: 'cmos-annealer',
    time: { kind: 'unstated' },
    signConvention: -1,
    spins: 147_456,
    degree: 8,
    topology: { kind: 'king', size: [384, 384] },
    weights: { bits: 4, levels: [-7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7] },
    bias: { bits: 4 },
    pins: 'fold',
    evidence: [
      ...from('vendor page', 'exact', 'spins.max'),
      ...from(vendorApi, 'published', 'weights.bits', 'bias.bits'),
    ],
  }),
  envelope({
    id: 'hitachi-2x30k',
    vendor: 'Hitachi',
    text: "Two 40 nm CMOS annealing chips of 30,000 spins each on a king's graph.",
    family: 'cmos-annealer',
    time: { kind: 'solve', solveNs: 22_000 },
    spins: 60_000,
    degree: 8,
    // Chips and spins of a chip: the sides of a chip's grid are not confirmed.
    topology: { kind: 'king', size: [2, 30_000] },
    pins: 'fold',
    evidence: [...from('JSSC 2019.2949230, abstract', 'published', 'spins.max', 'time.solveNs')],
  }),
  envelope({
    id: 'toshiba-sqbm',
    vendor: 'Toshiba',
    text: 'SQBM+, simulated bifurcation as a service, any graph of 10,000,000 spins.',
    family: 'bifurcation',
    time: { kind: 'unstated' },
    spins: 10_000_000,
    degree: 'unlimited',
    pins: 'fold',
    evidence: [...from('manual, seen second-hand', 'published', 'spins.max')],
  }),
  envelope({
    id: 'toshiba-fpga-2019',
    vendor: 'Toshiba',
    text: 'Simulated bifurcation on an FPGA, 2,048 spins, complete graph, 8,192 processing elements.',
    family: 'bifurcation',
    time: { kind: 'dense-synchronous', adders: 8192, fillCycles: 0 },
    spins: 2048,
    degree: 2047,
    pins: 'fold',
    clockHz: 1873e9 / 8192,
    evidence: [
      ...from('FPL.2019.00019, abstract', 'published', 'spins.max', 'time.adders'),
      ...from('FPL.2019.00019: 1,873 GMAC/s over 8,192 elements', 'derived', 'timing.clockHz'),
    ],
  }),
];

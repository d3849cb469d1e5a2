/** The named machines (devices.md section 7): what differs from the defaults of the parameter table, and where each number comes from. */
import type { EvidenceGrade } from '@isinglass/sdk';
import type { Engine } from './choices.ts';
import type { ParameterName, ParameterValues } from './parameter-table.ts';

export interface NumberSource {
  readonly source: string;
  readonly grade: EvidenceGrade;
}

export interface NamedSet {
  readonly engine: Engine;
  /** A sentence or two for a user who chooses a device. */
  readonly text: string;
  readonly values: Partial<ParameterValues>;
  /** Of the numbers that stand for something outside; all others are what the machine is defined by. */
  readonly sources: { readonly [K in ParameterName]?: NumberSource };
}

const chosenClock: NumberSource = {
  source: 'devices.md section 7: pipelined adder arrays close at 200 to 300 MHz, lane engines at 100 to 125 MHz',
  grade: 'estimate',
};
const axiBeats: NumberSource = {
  source: 'ferrotherm ledger, KV260: AXI-Lite, derived from words per second',
  grade: 'derived',
};
const registerBeats: NumberSource = { source: 'devices.md 5.7: as over AXI-Lite', grade: 'estimate' };
const transfers: NumberSource = { source: 'devices.md 5.7: dominated by software and interrupts', grade: 'estimate' };
const upperBound: NumberSource = {
  source: 'devices.md 2.1: metered KV260 fabric, 10.85 pJ per update of degree 4; an upper bound',
  grade: 'estimate',
};
const contained = (where: string): NumberSource => ({ source: `contained in ${where}`, grade: 'estimate' });

const convCommon = {
  spins: 2 ** 20,
  degree: 2 ** 14,
  pJPerSynapticOperation: 2.7,
  pJPerUpdate: 0,
  pJPerMemoryBit: 0,
} as const satisfies Partial<ParameterValues>;
const convSources = {
  clockMHz: chosenClock,
  linkLatencyUs: transfers,
  linkMBps: transfers,
  readBeatNs: registerBeats,
  writeBeatNs: registerBeats,
  pJPerSynapticOperation: upperBound,
  pJPerUpdate: contained('pJPerSynapticOperation'),
  pJPerMemoryBit: contained('pJPerSynapticOperation'),
} as const;

export const namedSets = {
  toy: {
    engine: 'lane',
    text: 'A small lane engine for teaching and for exact tests: 8 lanes, 4,096 spins, degree 16, fields s4.5, 100 MHz.',
    values: { format: { integerBits: 4, fractionBits: 5 }, tableEntries: 512 },
    sources: { clockMHz: chosenClock, readBeatNs: axiBeats, writeBeatNs: axiBeats },
  },
  niazi: {
    engine: 'fabric',
    text: 'A sparse deep Boltzmann machine, one circuit for each of 4,264 spins, 4 colors on clocks shifted in phase (Niazi 2024).',
    values: {
      spins: 4264,
      degree: 15,
      colors: 4,
      clockMHz: 15,
      phases: 'shifted',
      format: { integerBits: 5, fractionBits: 5 },
      tableEntries: 512,
      rng: 'lfsr32',
    },
    sources: {
      clockMHz: { source: 'arXiv:2303.10728: 64 flips/ns over 4,264 spins is 15 MHz per spin', grade: 'derived' },
      spins: { source: 'OPUSLab/SparseDeepBoltzmannMachines, released arrays', grade: 'exact' },
      degree: { source: 'OPUSLab/SparseDeepBoltzmannMachines, released arrays', grade: 'exact' },
      readBeatNs: axiBeats,
      writeBeatNs: axiBeats,
    },
  },
  'conv-s': {
    engine: 'conv',
    text: 'A convolution engine of 1,024 adders (8 channels, 4 taps, 32 pixels) at 200 MHz, as a ZCU104 may hold.',
    values: {
      ...convCommon,
      spins: 2 ** 18,
      channels: 8,
      taps: 4,
      pixels: 32,
      samplers: 32,
      clockMHz: 200,
      weightMemoryKiB: 4394,
      link: 'dma',
      linkMBps: 1000,
    },
    sources: convSources,
  },
  'conv-m': {
    engine: 'conv',
    text: 'A convolution engine of 8,192 adders (16 channels, 8 taps, 64 pixels) at 250 MHz, weights on chip.',
    values: { ...convCommon, channels: 16, taps: 8, pixels: 64, samplers: 64, clockMHz: 250, link: 'pcie' },
    sources: convSources,
  },
  'conv-l': {
    engine: 'conv',
    text: 'A convolution engine of 32,768 adders (32 channels, 16 taps, 64 pixels) at 250 MHz, weights on chip, as an Alveo U250 may hold.',
    values: {
      ...convCommon,
      channels: 32,
      taps: 16,
      pixels: 64,
      samplers: 128,
      clockMHz: 250,
      weightMemoryKiB: 54_000,
      link: 'pcie',
    },
    sources: {
      ...convSources,
      weightMemoryKiB: { source: 'Alveo U250: 54 MB on chip, vendor table seen second-hand', grade: 'published' },
    },
  },
  asic28: {
    engine: 'conv',
    text: 'A projection: the convolution engine conv-m in 28 nm at 140 MHz, with the energy per coupling of a published sparse chip.',
    values: {
      ...convCommon,
      channels: 16,
      taps: 8,
      pixels: 64,
      samplers: 64,
      clockMHz: 140,
      pJPerSynapticOperation: 0.08,
      pJPerUpdate: 1.2,
      link: 'pcie',
    },
    sources: {
      ...convSources,
      clockMHz: { source: 'arXiv:2609.07907 (second-hand)', grade: 'published' },
      pJPerSynapticOperation: { source: 'arXiv:2609.07907: 1.2 pJ per update of degree 15, divided', grade: 'derived' },
      pJPerUpdate: { source: 'arXiv:2609.07907: 1.2 pJ per update, taken once more as a floor', grade: 'estimate' },
    },
  },
  dense: {
    engine: 'dense-serial',
    text: 'A fully connected machine of 2,048 spins, one after the other with 4 paths worked out ahead, weights of 2 bits, activation clip (pc-COP 2024).',
    values: {
      spins: 2048,
      degree: 2047,
      colors: 2048,
      weightBits: 2,
      activation: 'clip',
      rng: 'lfsr32',
      parallelPaths: 4,
    },
    sources: {
      clockMHz: { source: 'arXiv:2504.04543 (second-hand)', grade: 'published' },
      spins: { source: 'arXiv:2504.04543 (second-hand)', grade: 'published' },
      readBeatNs: axiBeats,
      writeBeatNs: axiBeats,
    },
  },
} as const satisfies Readonly<Record<string, NamedSet>>;

export type SetName = keyof typeof namedSets;

export const setNames = Object.keys(namedSets) as readonly SetName[];

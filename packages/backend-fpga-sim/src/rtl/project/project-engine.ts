/** What differs between engines where a project of them is written. */
import { InvalidRequestError } from '@isinglass/sdk';
import { convEngine } from '../../conv/conv-engine.ts';
import { convBitFields, phaseParts as convPhaseParts } from '../../conv/conv-memory-map.ts';
import type { Engine } from '../../driver/placed-block.ts';
import { laneEngine } from '../../lane/lane-engine.ts';
import { type BitField, laneBitFields, phaseParts as lanePhaseParts } from '../../lane/lane-memory-map.ts';
import type { EngineParameters } from '../../parameters/engine-parameters.ts';
import { convEngineSource } from '../conv/conv-engine-source.ts';
import { laneEngineSource } from '../lane/lane-engine-source.ts';

export interface ProjectEngine {
  readonly engine: Engine;
  /** All modules. */
  readonly source: () => string;
  readonly bitFields: readonly BitField[];
  /** Where the parts of the window PHASES begin. */
  readonly phaseParts: Readonly<Record<string, number>>;
  /** Parts that Yosys can map such a machine to, by the ending of its command. */
  readonly families: readonly string[];
  /** What a machine takes there, in a sentence or two. */
  readonly area: string;
  /** How it works, in a paragraph. */
  readonly text: string;
}

/** Throws InvalidRequestError for machines that have no SystemVerilog: other kinds, and lanes that are no power of two. */
export function projectEngine(parameters: EngineParameters): ProjectEngine {
  switch (parameters.engine) {
    case 'lane': {
      const { lanes, couplingsPerLane } = parameters;
      if (!Number.isInteger(Math.log2(lanes))) {
        throw new InvalidRequestError(
          `${lanes} lanes: SystemVerilog is written of a power of two, so that a word's lane is bits of its address; take &lanes=${2 ** Math.round(Math.log2(lanes))}`,
          { where: 'lanes' },
        );
      }
      return {
        engine: laneEngine(parameters),
        source: () => laneEngineSource(parameters),
        bitFields: laneBitFields,
        phaseParts: lanePhaseParts,
        families: ['ice40', 'ecp5', 'xilinx'],
        area: 'For scale: 8 lanes with philox and a table of 4,096 thresholds in each lane take some 13,000 look-up tables, 4,800 flip-flops, 88 multipliers and 18 block memories of a Xilinx part of series 7, and Yosys half a minute. Up to some 16 lanes synthesize in minutes; larger machines are for simulation, and their synthesis may take hours, or more memory than there is. That Yosys maps a machine to ice40 does not mean that it fits a part of that family.',
        text: `A lane engine: ${lanes} lanes sum the couplings of ${lanes} spins at once, ${couplingsPerLane} of each spin in a cycle, and then sample them. Spins of one color are dealt to the lanes in chunks; the schedule walks over colors, chunks, coupling groups and their steps. Every lane has a copy of all states, so that it can look up any spin: it takes any graph.`,
      };
    }
    case 'conv': {
      const { channels, taps, pixels, samplers } = parameters;
      return {
        engine: convEngine(parameters),
        source: () => convEngineSource(parameters),
        bitFields: convBitFields,
        phaseParts: convPhaseParts,
        families: ['xilinx'],
        area: 'For scale: 16 adders and one sampler take some 44,000 look-up tables, half of which hold memories, 3,800 flip-flops and 13 multipliers of an UltraScale+ part, and Yosys a minute or two. Memories are read at as many places as there are adders and samplers, in the cycle of the address, which only look-up tables can hold, and what several samplers write at once becomes flip-flops. A machine with several samplers is for simulation: its synthesis may take hours, or more memory than there is; write one with `samplers=1` to see cells, or synthesize `conv_array` and `conv_samplers` alone.',
        text: `A convolution engine: an array of ${channels} channels × ${taps} taps × ${pixels} pixels adds ${channels * taps * pixels} couplings in a cycle, and ${samplers} samplers update the spins that it has summed while it sums the next ones. Each weight of a convolution is held once, for both directions; a table says which pixel each tap looks at.`,
      };
    }
    case 'fabric':
    case 'dense-serial':
      throw new InvalidRequestError(
        `fpga-sim:${parameters.set} is a machine of kind ${parameters.engine}; SystemVerilog is written of kinds lane and conv`,
        { where: 'engine' },
      );
    default:
      return parameters satisfies never;
  }
}

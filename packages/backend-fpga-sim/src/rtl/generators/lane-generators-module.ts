/** All lanes' generators of a machine as SystemVerilog: one module `lane_generators`, the same ports for every kind. */
import type { GeneratorKind } from '../../generators/catalogue.ts';
import { philoxModule, philoxModuleName } from './philox-module.ts';
import { seederModule, seederModuleName } from './seeder-module.ts';
import { type StreamKind, streamModule, streamModuleName, streamWords } from './stream-module.ts';

export const laneGeneratorsName = 'lane_generators';

/**
 * Ports, and how they are used:
 * - `seed_start` with the key (which holds until `seed_busy` is low) seeds all streams. Cycles of seeding count for no cause.
 * - `address` and `write` are window GENERATORS: word `address` of the state is `read_word`, and becomes `write_word` at the end of a cycle with `write`. Not while
 *   seeding or stepping.
 * - A draw begins in the cycle of `draw_start`, with the spins of the lanes and the sweep; `draws` hold when `ready`, in the cycle after that at the earliest. Lane n
 *   has bits 16n + 15 … 16n.
 * - `draw_taken` ends a draw: streams go one step at the end of that cycle.
 */
const ports = `#(
  parameter LANES = 8
) (
  input  wire clk,
  input  wire seed_start,
  input  wire [31:0] seed_low,
  input  wire [31:0] seed_high,
  input  wire [31:0] image,
  input  wire [31:0] block_chain,
  input  wire [31:0] sweep_offset,
  output wire seed_busy,
  input  wire write,
  input  wire [23:0] address,
  input  wire [31:0] write_word,
  output wire [31:0] read_word,
  input  wire draw_start,
  input  wire [32*LANES-1:0] spin_indices,
  input  wire [31:0] sweep,
  input  wire draw_taken,
  output wire ready,
  output wire [16*LANES-1:0] draws
);`;

const head = `// Random numbers of all lanes, with the same ports for every kind of generator. A draw begins in the cycle of draw_start;
// its numbers hold while ready is 1, from the next cycle on, until draw_taken ends it. Words of state are written one at a time.
module ${laneGeneratorsName} ${ports}`;

/** The text of `lane_generators` and of all modules below it. */
export function laneGeneratorsModules(kind: GeneratorKind): string {
  switch (kind) {
    case 'philox':
      return `${philoxModule}\n${philoxLanes}`;
    case 'lfsr32-seeds':
      return streamLanes('lfsr32', { consecutive: 1, shared: null });
    case 'lfsr32-rotations':
      return streamLanes('lfsr32', { consecutive: 0, shared: rotations });
    case 'shared-word':
      return streamLanes('xoshiro128pp', { consecutive: 0, shared: sameWord });
    default:
      return streamLanes(kind, { consecutive: 0, shared: null });
  }
}

const philoxLanes = `${head}
  wire [LANES-1:0] lane_ready;
  genvar lane;
  generate
    for (lane = 0; lane < LANES; lane = lane + 1) begin : lanes
      ${philoxModuleName} generator (
        .clk(clk), .start(draw_start), .seed_low(seed_low), .seed_high(seed_high),
        .spin_index(spin_indices[32*lane +: 32]), .sweep(sweep), .image(image), .block_chain(block_chain),
        .r(draws[16*lane +: 16]), .ready(lane_ready[lane])
      );
    end
  endgenerate
  assign ready = lane_ready[0];
  assign seed_busy = 1'b0;
  assign read_word = 32'd0;
endmodule
`;

/** Lanes take the word of the only stream, turned left by five bits more each. */
const rotations = `
  wire [63:0] twice = {states[31:0], states[31:0]};
  generate
    for (lane = 0; lane < LANES; lane = lane + 1) begin : turns
      assign draws[16*lane +: 16] = twice[63 - (5 * lane) % 32 -: 16];
    end
  endgenerate`;

const sameWord = `
  assign draws = {LANES{drawn[15:0]}};`;

interface StreamLanesOptions {
  readonly consecutive: 0 | 1;
  /** Where lanes share one stream: how they take their numbers. */
  readonly shared: string | null;
}

function streamLanes(stream: StreamKind, { consecutive, shared }: StreamLanesOptions): string {
  const words = streamWords(stream);
  const wordBits = Math.log2(words);
  const index = words === 1 ? '' : ' .write_index(put_index),';
  const putIndex = words === 1 ? '' : '\n  wire [1:0] put_index = seed_busy ? seed_index : address[1:0];';
  return `${streamModule(stream)}
${seederModule}
${head}
  localparam STREAMS = ${shared === null ? 'LANES' : '1'};
  localparam WORDS = ${words};
  localparam ADDRESS_BITS = STREAMS * WORDS > 2 ? $clog2(STREAMS * WORDS) : 1;

  wire seed_write;
  wire [15:0] seed_lane;
  wire [1:0] seed_index;
  wire [31:0] seed_word;
  ${seederModuleName} #(.LANES(STREAMS), .WORDS(WORDS), .CONSECUTIVE(${consecutive})) seeder (
    .clk(clk), .start(seed_start), .seed_low(seed_low), .seed_high(seed_high), .image(image),
    .block_chain(block_chain), .sweep_offset(sweep_offset), .busy(seed_busy), .write(seed_write),
    .write_lane(seed_lane), .write_index(seed_index), .write_word(seed_word)
  );

  wire put = seed_busy ? seed_write : write;
  wire [23:0] put_lane = seed_busy ? {8'd0, seed_lane} : {${wordBits === 0 ? '' : `${wordBits}'d0, `}address[23:${wordBits}]};${putIndex}
  wire [31:0] put_word = seed_busy ? seed_word : write_word;

  // Padded to a power of two words, so that every address of its width names one.
  wire [32 * (1 << ADDRESS_BITS) - 1 : 0] states;
  wire [16 * STREAMS - 1 : 0] drawn;
  wire [STREAMS-1:0] lane_ready;
  genvar lane;
  generate
    for (lane = 0; lane < STREAMS; lane = lane + 1) begin : lanes
      ${streamModuleName(stream)} generator (
        .clk(clk), .write(put && put_lane == lane),${index} .write_word(put_word), .step(draw_taken),
        .state(states[32*WORDS*lane +: 32*WORDS]), .r(drawn[16*lane +: 16]), .ready(lane_ready[lane])
      );
    end
    if (STREAMS * WORDS < (1 << ADDRESS_BITS)) begin : padding
      assign states[32 * (1 << ADDRESS_BITS) - 1 : 32 * STREAMS * WORDS] = 0;
    end
  endgenerate
  assign read_word = states[{address[ADDRESS_BITS-1:0], 5'b0} +: 32];
  assign ready = lane_ready[0];${shared ?? '\n  assign draws = drawn;'}
endmodule
`;
}

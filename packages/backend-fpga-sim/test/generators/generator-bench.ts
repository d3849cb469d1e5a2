/** A SystemVerilog bench that takes `lane_generators` through seeding, draws, and reads and writes of its state, and prints what it saw. */
import type { StreamKey } from '../../src/generators/lane-generators.ts';

export interface BenchOptions {
  readonly lanes: number;
  readonly stateWords: number;
  readonly key: StreamKey;
  readonly rounds: number;
  /** Of each round, lane after lane; the n-th round draws for sweep n + 1. */
  readonly spinIndices: readonly Uint32Array[];
  /** Written over the state, and drawn from once more. */
  readonly state: Uint32Array;
}

const hex = (word: number): string => `32'h${word.toString(16)}`;

/**
 * Prints, line by line: `state …` after seeding, word after word; `draws cycles d(0) d(1) …` of each round, where cycles are those from the start of the draw until it is ready;
 * `state …` again; `state …` after it was written; and one more `draws …`, of the spins of the first round and sweep 1.
 */
export function generatorBench({ lanes, stateWords, key, rounds, spinIndices, state }: BenchOptions): string {
  const spins = (round: number) =>
    [...(spinIndices[round] as Uint32Array)]
      .map((spin, lane) => `    spins[${32 * lane} +: 32] = ${hex(spin)};`)
      .join('\n');
  const draw = (round: number) => `${spins(round)}
    sweep = ${round + 1};
    draw_start = 1'b1; tick; draw_start = 1'b0;
    cycles = 1;
    while (!ready) begin tick; cycles = cycles + 1; end
    $write("draws %0d", cycles);
    for (n = 0; n < ${lanes}; n = n + 1) $write(" %h", draws[16*n +: 16]);
    $write("\\n");
    draw_taken = 1'b1; tick; draw_taken = 1'b0;`;
  const read = `    $write("state");
    for (n = 0; n < ${stateWords}; n = n + 1) begin address = n[23:0]; #1; $write(" %h", read_word); end
    $write("\\n");`;
  const write = [...state].map(
    (word, n) => `    address = ${n}; write_word = ${hex(word)}; write = 1'b1; tick; write = 1'b0;`,
  );
  return `\`timescale 1ns / 1ps
module bench;
  reg clk = 1'b0;
  reg seed_start = 1'b0, write = 1'b0, draw_start = 1'b0, draw_taken = 1'b0;
  reg [23:0] address = 24'd0;
  reg [31:0] write_word = 32'd0, sweep = 32'd0;
  reg [${32 * lanes - 1}:0] spins;
  wire seed_busy, ready;
  wire [31:0] read_word;
  wire [${16 * lanes - 1}:0] draws;
  integer n, cycles;
  lane_generators #(.LANES(${lanes})) generators (
    .clk(clk), .seed_start(seed_start), .seed_low(${hex(Number(key.seed & 0xffffffffn))}),
    .seed_high(${hex(Number(key.seed >> 32n))}), .image(${hex(key.image)}), .block_chain(${hex(key.blockAndChain)}),
    .sweep_offset(${hex(key.sweepOffset)}), .seed_busy(seed_busy), .write(write), .address(address),
    .write_word(write_word), .read_word(read_word), .draw_start(draw_start), .spin_indices(spins), .sweep(sweep),
    .draw_taken(draw_taken), .ready(ready), .draws(draws)
  );
  task tick; begin #5 clk = 1'b1; #5 clk = 1'b0; end endtask
  initial begin
    seed_start = 1'b1; tick; seed_start = 1'b0;
    while (seed_busy) tick;
${read}
${Array.from({ length: rounds }, (_, round) => draw(round)).join('\n')}
${read}
${write.join('\n')}
${read}
${draw(0)}
    $finish;
  end
endmodule
`;
}

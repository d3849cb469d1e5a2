/** The memories of a lane engine as SystemVerilog modules: one read port and one write port each, as block memories have them. */

/**
 * A read takes a cycle: `read_word` is the word whose address was there at the last edge, a word written at that same edge included. Depths are powers of two, so
 * that no address leads out of a memory, and contents begin as zeros, as in the block memories of FPGAs.
 */
export const wordMemoryModule = `// A memory of 2^ADDRESS_BITS words. A read takes a cycle; it sees a write to the same word at the same edge.
module word_memory #(
  parameter WIDTH = 32,
  parameter ADDRESS_BITS = 4
) (
  input  wire clk,
  input  wire [ADDRESS_BITS-1:0] read_address,
  output reg  [WIDTH-1:0] read_word,
  input  wire write,
  input  wire [ADDRESS_BITS-1:0] write_address,
  input  wire [WIDTH-1:0] write_word
);
  reg [WIDTH-1:0] words [0:(1 << ADDRESS_BITS)-1];
\`ifndef SYNTHESIS
  // Block memories begin as zeros by themselves; synthesis would write this loop out word by word, for minutes.
  integer n;
  initial for (n = 0; n < (1 << ADDRESS_BITS); n = n + 1) words[n] = {WIDTH{1'b0}};
\`endif

  always @(posedge clk) begin
    if (write) words[write_address] <= write_word;
    read_word <= write && write_address == read_address ? write_word : words[read_address];
  end
endmodule
`;

/**
 * States, one bit for each site. The lanes write LANES bits at a time, the bus 32: the memory is as wide as the wider of both, and each part of the narrower
 * width is written by itself.
 */
export const stateMemoryModule = `// One copy of the states, 1 for +1. Parts of a word are written by themselves.
module state_memory #(
  parameter PARTS = 4,
  parameter PART_BITS = 8,
  parameter ADDRESS_BITS = 4
) (
  input  wire clk,
  input  wire [ADDRESS_BITS-1:0] read_address,
  output wire [PARTS*PART_BITS-1:0] read_word,
  input  wire [PARTS-1:0] write,
  input  wire [ADDRESS_BITS-1:0] write_address,
  input  wire [PARTS*PART_BITS-1:0] write_word
);
  genvar part;
  generate
    for (part = 0; part < PARTS; part = part + 1) begin : parts
      word_memory #(.WIDTH(PART_BITS), .ADDRESS_BITS(ADDRESS_BITS)) states (
        .clk(clk),
        .read_address(read_address), .read_word(read_word[PART_BITS*part +: PART_BITS]),
        .write(write[part]), .write_address(write_address), .write_word(write_word[PART_BITS*part +: PART_BITS])
      );
    end
  endgenerate
endmodule
`;

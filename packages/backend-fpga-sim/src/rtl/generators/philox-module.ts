/** Philox4x32-10 (semantics 5) for one lane as a SystemVerilog module. */

export const philoxModuleName = 'lane_generator_philox';

/**
 * One round a cycle, the first one in the cycle of \`start\`: the number is ready in the tenth cycle after it. Counter and key words need to hold in the cycle of
 * \`start\` only. Two 32 × 32 multipliers.
 */
export const philoxModule = `// One lane of Philox4x32-10.
module ${philoxModuleName} (
  input  wire clk,
  input  wire start,
  input  wire [31:0] seed_low,
  input  wire [31:0] seed_high,
  input  wire [31:0] spin_index,
  input  wire [31:0] sweep,
  input  wire [31:0] image,
  input  wire [31:0] block_chain,
  output wire [15:0] r,
  output wire ready
);
  reg [31:0] c0, c1, c2, c3, k0, k1;
  reg [2:0] part;
  reg [3:0] rounds_left = 4'd0;

  wire [31:0] x0 = start ? {3'b0, spin_index[31:3]} : c0;
  wire [31:0] x1 = start ? sweep : c1;
  wire [31:0] x2 = start ? image : c2;
  wire [31:0] x3 = start ? block_chain : c3;
  wire [31:0] key0 = start ? seed_low : k0;
  wire [31:0] key1 = start ? seed_high : k1;
  wire [63:0] product0 = {32'b0, 32'hd2511f53} * {32'b0, x0};
  wire [63:0] product1 = {32'b0, 32'hcd9e8d57} * {32'b0, x2};

  always @(posedge clk) begin
    if (start || rounds_left != 4'd0) begin
      c0 <= product1[63:32] ^ x1 ^ key0;
      c1 <= product1[31:0];
      c2 <= product0[63:32] ^ x3 ^ key1;
      c3 <= product0[31:0];
      k0 <= key0 + 32'h9e3779b9;
      k1 <= key1 + 32'hbb67ae85;
      rounds_left <= start ? 4'd9 : rounds_left - 4'd1;
    end
    if (start) part <= spin_index[2:0];
  end

  wire [127:0] words = {c3, c2, c1, c0};
  assign r = words[{part, 4'b0} +: 16];
  assign ready = rounds_left == 4'd0;
endmodule
`;

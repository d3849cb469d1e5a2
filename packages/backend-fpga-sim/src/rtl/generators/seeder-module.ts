/** What writes the first states of the streams (splitmix32, see generators/splitmix32.ts) as a SystemVerilog module. */

export const seederModuleName = 'generator_seeder';

/**
 * Takes in one word in two cycles with one multiplier: 12 · WORDS cycles for what all lanes share, then at most 2 · WORDS + 1 for each lane. \`busy\` from the
 * cycle after \`start\` until the last word is written; the numbers of the key hold so long. LANES and WORDS: 1 to 65,536 and 1 to 4.
 * CONSECUTIVE 1: lanes get consecutive integers (lfsr32-seeds), for WORDS = 1.
 */
export const seederModule = `// First states of the streams of lanes.
module ${seederModuleName} #(
  parameter LANES = 8,
  parameter WORDS = 4,
  parameter CONSECUTIVE = 0
) (
  input  wire clk,
  input  wire start,
  input  wire [31:0] seed_low,
  input  wire [31:0] seed_high,
  input  wire [31:0] image,
  input  wire [31:0] block_chain,
  input  wire [31:0] sweep_offset,
  output wire busy,
  output wire write,
  output wire [15:0] write_lane,
  output wire [1:0] write_index,
  output wire [31:0] write_word
);
  localparam [31:0] GOLDEN = 32'h9e3779b9;
  localparam [2:0] SHARED = 3'd0, LANE = 3'd1, ZERO = 3'd2, IDLE = 3'd3;

  reg [2:0] state = IDLE;
  reg second = 1'b0; // of the two cycles of a word
  reg [2:0] position; // in the key
  reg [1:0] index;
  reg [15:0] lane;
  reg any; // bit of the words that this lane has got
  reg [31:0] half;
  reg [127:0] shared; // what each word has taken in before the lane

  wire [31:0] base = state == SHARED && position == 3'd0 ? 32'd0 : shared[{index, 5'b0} +: 32];
  wire [31:0] operand =
    state == LANE ? (CONSECUTIVE != 0 ? 32'd0 : {16'd0, lane}) :
    position == 3'd0 ? {30'd0, index} :
    position == 3'd1 ? seed_low :
    position == 3'd2 ? seed_high :
    position == 3'd3 ? image :
    position == 3'd4 ? block_chain : sweep_offset;
  wire [31:0] stepped = (base ^ operand) + GOLDEN;
  wire [31:0] factor = second ? half ^ (half >> 13) : stepped ^ (stepped >> 16);
  wire [31:0] product = factor * (second ? 32'hc2b2ae35 : 32'h85ebca6b);
  wire [31:0] result = product ^ (product >> 16);
  wire [31:0] word = CONSECUTIVE != 0 ? {result[31:12], 12'd0} + {16'd0, lane} + 32'd1 : result;

  assign busy = state != IDLE;
  assign write = (state == LANE && second) || state == ZERO;
  assign write_lane = lane;
  assign write_index = state == ZERO ? 2'd0 : index;
  assign write_word = state == ZERO ? GOLDEN : word;
  wire last_lane = {16'd0, lane} == LANES - 1;
  wire last_word = {30'd0, index} == WORDS - 1;
  wire lane_done = state == ZERO || (state == LANE && second && last_word && (any || word != 32'd0));

  always @(posedge clk) begin
    half <= product;
    if (start) begin
      state <= SHARED;
      second <= 1'b0;
      position <= 3'd0;
      index <= 2'd0;
      lane <= 16'd0;
      any <= 1'b0;
    end else if (state == SHARED) begin
      second <= !second;
      if (second) begin
        if (index == 2'd0) shared[31:0] <= result;
        if (index == 2'd1) shared[63:32] <= result;
        if (index == 2'd2) shared[95:64] <= result;
        if (index == 2'd3) shared[127:96] <= result;
        position <= position == 3'd5 ? 3'd0 : position + 3'd1;
        if (position == 3'd5) index <= last_word ? 2'd0 : index + 2'd1;
        if (position == 3'd5 && last_word) state <= LANE;
      end
    end else if (state != IDLE) begin
      second <= state == LANE && !second;
      if (lane_done) begin
        index <= 2'd0;
        any <= 1'b0;
        lane <= lane + 16'd1;
        state <= last_lane ? IDLE : LANE;
      end else if (second) begin
        any <= any || word != 32'd0;
        if (last_word) state <= ZERO;
        else index <= index + 2'd1;
      end
    end
  end
endmodule
`;

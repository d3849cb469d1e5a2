/** One lane as a SystemVerilog module: its memories and its arithmetic. What it does in a cycle, the control tells all lanes alike. */

/**
 * Words of memories are read one cycle ahead of their use. Couplings take two: in the cycle before an addition the slot is there and its site is looked up (the
 * lane has a copy of all states for each of its W couplings), in the cycle of the addition the state is there, and the weight has waited for it.
 */
export const laneModule = `// One lane: sums couplings into local fields, and samples spins, one at a time.
module lane #(
  parameter COUPLINGS = 1,
  parameter CHUNK_BITS = 4,
  parameter ROW_BITS = 8,
  parameter SITE_BITS = 9,
  parameter STATE_PARTS = 4,
  parameter STATE_PART_BITS = 8,
  parameter STATE_ADDRESS_BITS = 4,
  parameter TABLE_BITS = 8,
  parameter ACCUMULATOR_BITS = 22,
  parameter SATURATE = 0,
  parameter COUNTER_BITS = 32
) (
  input  wire clk,

  // Addresses whose words are there in the next cycle; writes of the bus.
  input  wire [CHUNK_BITS-1:0] chunk_read,
  input  wire [CHUNK_BITS-1:0] chunk_write,
  input  wire [ROW_BITS-1:0] row_read,
  input  wire bus_owns,
  input  wire [23:0] bus_offset,
  input  wire [ROW_BITS-1:0] bus_row,
  input  wire [31:0] bus_word,
  input  wire write_bias,
  input  wire write_field,
  input  wire write_sum,
  input  wire write_conditional,
  input  wire write_spin_index,
  input  wire [COUPLINGS-1:0] write_slot,
  input  wire write_table,
  input  wire [STATE_PARTS-1:0] write_state,
  input  wire [STATE_ADDRESS_BITS-1:0] state_address,
  input  wire [STATE_PARTS*STATE_PART_BITS-1:0] state_word,

  // What to do in this cycle.
  input  wire clear,
  input  wire add,
  input  wire scale,
  input  wire temper,
  input  wire sample,
  input  wire write,
  input  wire static_pass,
  input  wire random_start,

  // And with what.
  input  wire [15:0] factor,
  input  wire [5:0] shift,
  input  wire [16:0] temperature,
  input  wire [4:0] table_shift,
  input  wire [15:0] table_last,
  input  wire [15:0] draw,
  input  wire old_state,
  input  wire retained,
  input  wire clear_sums,
  input  wire conditional,

  output wire [31:0] spin_index,
  output wire present,
  output wire new_state,
  output wire flipped,
  output wire saturated,
  output wire [31:0] bias_word,
  output wire [31:0] field_word,
  output wire [31:0] sum_word,
  output wire [31:0] conditional_word,
  output wire [32*COUPLINGS-1:0] slot_words,
  output wire [16:0] table_word
);
  // ---- Memories by update slot ------------------------------------------------------------------------------------

  reg signed [31:0] field;

  word_memory #(.WIDTH(32), .ADDRESS_BITS(CHUNK_BITS)) spin_indices (
    .clk(clk), .read_address(chunk_read), .read_word(spin_index),
    .write(write_spin_index), .write_address(chunk_write), .write_word(bus_word)
  );
  assign present = !spin_index[31];

  word_memory #(.WIDTH(32), .ADDRESS_BITS(CHUNK_BITS)) biases (
    .clk(clk), .read_address(chunk_read), .read_word(bias_word),
    .write(write_bias), .write_address(chunk_write), .write_word(bus_word)
  );

  wire keep_field = write && static_pass && present;
  word_memory #(.WIDTH(32), .ADDRESS_BITS(CHUNK_BITS)) fields (
    .clk(clk), .read_address(chunk_read), .read_word(field_word),
    .write(write_field || keep_field), .write_address(chunk_write), .write_word(bus_owns ? bus_word : field)
  );

  // ---- Couplings --------------------------------------------------------------------------------------------------

  localparam STATE_BITS = STATE_PARTS * STATE_PART_BITS;
  localparam SITE_LOW_BITS = $clog2(STATE_BITS);

  wire [10*COUPLINGS-1:0] terms; // of this step, signed
  genvar n;
  generate
    for (n = 0; n < COUPLINGS; n = n + 1) begin : couplings
      wire [SITE_BITS+7:0] slot;
      word_memory #(.WIDTH(SITE_BITS + 8), .ADDRESS_BITS(ROW_BITS)) slots (
        .clk(clk), .read_address(row_read), .read_word(slot),
        .write(write_slot[n]), .write_address(bus_row), .write_word(bus_word[SITE_BITS+7:0])
      );
      assign slot_words[32*n +: 32] = {{(24 - SITE_BITS){1'b0}}, slot};

      wire [SITE_BITS-1:0] site = slot[SITE_BITS+7:8];
      wire [STATE_BITS-1:0] states;
      state_memory #(.PARTS(STATE_PARTS), .PART_BITS(STATE_PART_BITS), .ADDRESS_BITS(STATE_ADDRESS_BITS)) copy (
        .clk(clk), .read_address(site[SITE_BITS-1:SITE_LOW_BITS]), .read_word(states),
        .write(write_state), .write_address(state_address), .write_word(state_word)
      );

      reg [SITE_LOW_BITS-1:0] looked_up;
      reg signed [7:0] weight;
      always @(posedge clk) begin
        looked_up <= site[SITE_LOW_BITS-1:0];
        weight <= slot[7:0];
      end
      wire signed [9:0] wide = {{2{weight[7]}}, weight};
      assign terms[10*n +: 10] = states[looked_up] ? wide : -wide;
    end
  endgenerate

  // The sum of a step is added at once, and may then stop at an end of the accumulator.
  reg signed [ACCUMULATOR_BITS-1:0] sum;
  reg signed [33:0] sum_next;
  integer k;
  always @* begin
    sum_next = {{(34 - ACCUMULATOR_BITS){sum[ACCUMULATOR_BITS-1]}}, sum};
    for (k = 0; k < COUPLINGS; k = k + 1) sum_next = sum_next + {{24{terms[10*k + 9]}}, terms[10*k +: 10]};
  end
  localparam signed [33:0] SUM_MAX = (34'sd1 <<< (ACCUMULATOR_BITS - 1)) - 34'sd1;
  localparam signed [33:0] SUM_MIN = -SUM_MAX - 34'sd1;
  wire above = SATURATE != 0 && sum_next > SUM_MAX;
  wire below = SATURATE != 0 && sum_next < SUM_MIN;
  assign saturated = add && present && (above || below);

  always @(posedge clk) begin
    if (clear || scale) sum <= 0;
    else if (add) sum <= above ? SUM_MAX[ACCUMULATOR_BITS-1:0] : below ? SUM_MIN[ACCUMULATOR_BITS-1:0] : sum_next[ACCUMULATOR_BITS-1:0];
  end

  // ---- Local field (semantics 4.3 to 4.5) ---------------------------------------------------------------------------

  // scaled(A) = floor((A * M + half) / 2^sh)
  wire signed [31:0] wide_sum = {{(32 - ACCUMULATOR_BITS){sum[ACCUMULATOR_BITS-1]}}, sum};
  wire signed [16:0] signed_factor = {1'b0, factor};
  wire signed [48:0] product = wide_sum * signed_factor;
  wire [49:0] half = (50'd1 << shift) >> 1;
  wire signed [49:0] rounded = {product[48], product} + (shift == 6'd0 ? 50'd0 : half);
  wire signed [49:0] scaled = rounded >>> shift;

  // floor((u * b + 32768) / 65536)
  wire signed [17:0] signed_temperature = {1'b0, temperature};
  wire signed [49:0] tempered = field * signed_temperature + 50'sd32768;

  always @(posedge clk) begin
    if (clear) field <= static_pass ? bias_word : field_word;
    else if (scale) field <= field + scaled[31:0];
    else if (temper) field <= tempered[47:16];
  end

  // ---- Sampling (semantics 4.6) -------------------------------------------------------------------------------------

  // The table has fields from 0 on; T of a negative one is 65536 less that of its magnitude.
  wire [31:0] magnitude = field[31] ? -field : field;
  wire [31:0] table_half = (32'd1 << table_shift) >> 1;
  wire [31:0] entry = (magnitude + (table_shift == 5'd0 ? 32'd0 : table_half)) >> table_shift;
  wire [15:0] entry_held = entry > {16'd0, table_last} ? table_last : entry[15:0];
  word_memory #(.WIDTH(17), .ADDRESS_BITS(TABLE_BITS)) thresholds (
    .clk(clk), .read_address(bus_owns ? bus_offset[TABLE_BITS-1:0] : entry_held[TABLE_BITS-1:0]), .read_word(table_word),
    .write(write_table), .write_address(bus_offset[TABLE_BITS-1:0]), .write_word(bus_word[16:0])
  );

  reg negative;
  reg [15:0] drawn;
  always @(posedge clk) begin
    if (sample) begin
      negative <= field[31];
      drawn <= draw;
    end
  end
  wire [16:0] threshold = random_start ? 17'd32768 : negative ? 17'd65536 - table_word : table_word;
  assign new_state = present && {1'b0, drawn} < threshold;
  assign flipped = present && new_state != old_state;

  // ---- Sums of retained sweeps (semantics 2.1) ----------------------------------------------------------------------

  wire keep_sums = write && !static_pass && !random_start && present && (retained || clear_sums);

  wire [COUNTER_BITS-1:0] sum_old;
  wire [COUNTER_BITS-1:0] state_term = !retained ? 0 : new_state ? 1 : {COUNTER_BITS{1'b1}};
  wire [COUNTER_BITS-1:0] sum_new = (clear_sums ? {COUNTER_BITS{1'b0}} : sum_old) + state_term;
  word_memory #(.WIDTH(COUNTER_BITS), .ADDRESS_BITS(CHUNK_BITS)) sums (
    .clk(clk), .read_address(chunk_read), .read_word(sum_old),
    .write(write_sum || keep_sums), .write_address(chunk_write), .write_word(bus_owns ? bus_word[COUNTER_BITS-1:0] : sum_new)
  );
  assign sum_word = {{(33 - COUNTER_BITS){sum_old[COUNTER_BITS-1]}}, sum_old[COUNTER_BITS-2:0]};

  // 2T - 65536
  wire [31:0] mean_term = retained && conditional ? {14'd0, threshold, 1'b0} - 32'd65536 : 32'd0;
  wire [31:0] conditional_new = (clear_sums ? 32'd0 : conditional_word) + mean_term;
  word_memory #(.WIDTH(32), .ADDRESS_BITS(CHUNK_BITS)) conditional_sums (
    .clk(clk), .read_address(chunk_read), .read_word(conditional_word),
    .write(write_conditional || keep_sums), .write_address(chunk_write), .write_word(bus_owns ? bus_word : conditional_new)
  );
endmodule
`;

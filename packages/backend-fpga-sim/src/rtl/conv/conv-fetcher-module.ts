/** What brings weights from outside memory as a SystemVerilog module: one row, of all weights of one step, in ROW_CYCLES cycles. */

/**
 * Two buffers hold the weights of a tile each: while the array sums one tile, the other buffer takes the next. Rows are gathered in the order in which the array adds
 * them, so that weights stand in memory once for both directions of a coupling. A half-sweep begins with empty buffers.
 */
export const convFetcherModule = `// The fetcher: weights of the next tile, beside the sums of this one.
module conv_fetcher #(
  parameter CHANNELS = 4,
  parameter TAPS = 4,
  parameter TILE_BITS = 6,
  parameter TERM_BITS = 8,
  parameter WEIGHT_BITS = 10,
  parameter ROW_BITS = 6,
  parameter ROW_CYCLES = 1
) (
  input  wire clk,
  input  wire begin_half,
  input  wire [TILE_BITS-1:0] first_tile,
  input  wire working,

  output reg  [TILE_BITS-1:0] tile,
  input  wire [31:0] tile_first_term,
  input  wire [31:0] tile_terms,
  input  wire tile_is_last,
  output wire [TERM_BITS-1:0] term,
  input  wire [31:0] steps,
  input  wire [31:0] weight,
  input  wire [31:0] weights_per_channel,
  input  wire [31:0] weights_per_input,
  input  wire [31:0] taps,

  output reg  [WEIGHT_BITS*CHANNELS*TAPS-1:0] weight_addresses,
  output wire row_write,
  output reg  [ROW_BITS-1:0] row,
  output reg  buffer,

  // The array has its weights while its buffer is loaded, and gives it back with the last sums of a tile.
  input  wire tile_done,
  output wire weights_here,
  output reg  array_buffer
);
  reg over; // all tiles of the half-sweep are fetched
  reg [1:0] loaded;
  reg [31:0] term_of_tile, step, waited;

  wire runs = working && !over && !loaded[buffer];
  wire no_terms = tile_terms == 32'd0;
  wire row_over = runs && (no_terms || waited == ROW_CYCLES - 1);
  wire last_row = no_terms || (step == steps - 32'd1 && term_of_tile == tile_terms - 32'd1);
  wire tile_over = row_over && last_row;

  assign term = tile_first_term[TERM_BITS-1:0] + term_of_tile[TERM_BITS-1:0];
  assign row_write = row_over && !no_terms;
  assign weights_here = loaded[array_buffer];

  always @(posedge clk) begin
    if (begin_half) begin
      over <= 1'b0;
      loaded <= 2'b00;
      tile <= first_tile;
      term_of_tile <= 32'd0;
      step <= 32'd0;
      waited <= 32'd0;
      row <= {ROW_BITS{1'b0}};
      buffer <= 1'b0;
      array_buffer <= 1'b0;
    end else begin
      if (runs) waited <= row_over ? 32'd0 : waited + 32'd1;
      if (row_over) begin
        row <= last_row ? {ROW_BITS{1'b0}} : row + {{(ROW_BITS-1){1'b0}}, 1'b1};
        step <= last_row || step == steps - 32'd1 ? 32'd0 : step + 32'd1;
        term_of_tile <= last_row ? 32'd0 : step == steps - 32'd1 ? term_of_tile + 32'd1 : term_of_tile;
      end
      if (tile_over) begin
        loaded[buffer] <= 1'b1;
        buffer <= !buffer;
        tile <= tile + {{(TILE_BITS-1){1'b0}}, 1'b1};
        over <= tile_is_last;
      end
      if (tile_done) begin
        loaded[array_buffer] <= 1'b0;
        array_buffer <= !array_buffer;
      end
    end
  end

  // TAPS steps of a walk over taps and inputs, as the array walks.
  wire first_step = step == 32'd0;
  reg [31:0] tap_kept, weight_kept, tap_now, weight_now, channel_weight;
  integer t, a;
  always @* begin
    tap_now = first_step ? 32'd0 : tap_kept;
    weight_now = first_step ? weight : weight_kept;
    channel_weight = 32'd0;
    weight_addresses = {(WEIGHT_BITS*CHANNELS*TAPS){1'b0}};
    for (t = 0; t < TAPS; t = t + 1) begin
      channel_weight = weight_now;
      for (a = 0; a < CHANNELS; a = a + 1) begin
        weight_addresses[WEIGHT_BITS*(TAPS*a+t) +: WEIGHT_BITS] = channel_weight;
        channel_weight = channel_weight + weights_per_channel;
      end
      if (tap_now + 32'd1 == taps) begin
        tap_now = 32'd0;
        weight_now = weight_now + weights_per_input - (taps - 32'd1);
      end else begin
        tap_now = tap_now + 32'd1;
        weight_now = weight_now + 32'd1;
      end
    end
  end
  always @(posedge clk) begin
    if (row_over) begin
      tap_kept <= tap_now;
      weight_kept <= weight_now;
    end
  end
endmodule
`;

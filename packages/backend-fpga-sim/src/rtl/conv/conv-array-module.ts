/** The adders of a convolution engine as a SystemVerilog module, and the walk over terms and steps that feeds them. */

/**
 * CHANNELS × TAPS × PIXELS adders, as ±w and not as an AND with an offset: a tap on padding adds nothing, whatever the border. One cycle adds TAPS inputs into each
 * sum; one more cycle, at the end of a term, scales all sums into fields. Memories are outside: addresses go out and words come back in the same cycle.
 */
export const convArrayModule = `// The adder array: sums the terms of a tile, a group of PIXELS pixels at a time.
module conv_array #(
  parameter CHANNELS = 4,
  parameter TAPS = 4,
  parameter PIXELS = 8,
  parameter TILE_BITS = 6,
  parameter TERM_BITS = 8,
  parameter SITE_BITS = 10,
  parameter SOURCE_BITS = 10,
  parameter WEIGHT_BITS = 10,
  parameter ROW_BITS = 6,
  parameter ACCUMULATOR_BITS = 22,
  parameter SATURATE = 0,
  parameter EVENT_BITS = 8
) (
  input  wire clk,

  // A half-sweep begins at a tile, and is over when the last tile of its bank is summed.
  input  wire begin_half,
  input  wire [TILE_BITS-1:0] first_tile,
  input  wire working,

  // The tile and the term at work, as PHASES describes them.
  output reg  [TILE_BITS-1:0] tile,
  input  wire [31:0] tile_channels,
  input  wire [31:0] tile_pixels,
  input  wire [31:0] tile_first_term,
  input  wire [31:0] tile_terms,
  input  wire tile_is_last,
  output wire [TERM_BITS-1:0] term,
  input  wire [31:0] steps,
  input  wire [31:0] weight,
  input  wire [31:0] weights_per_channel,
  input  wire [31:0] weights_per_input,
  input  wire [31:0] inputs,
  input  wire [31:0] taps,
  input  wire [31:0] source,
  input  wire [31:0] sites_per_input,
  input  wire [31:0] sources,
  input  wire [15:0] factor,
  input  wire [5:0] shift,

  // Memories. Tap t of pixel p has place t * PIXELS + p, channel a of tap t has place a * TAPS + t.
  output reg  [SOURCE_BITS*TAPS*PIXELS-1:0] source_addresses,
  input  wire [(SITE_BITS+1)*TAPS*PIXELS-1:0] source_words, // highest bit: padding
  output reg  [SITE_BITS*TAPS*PIXELS-1:0] state_addresses,
  input  wire [TAPS*PIXELS-1:0] states,
  output reg  [WEIGHT_BITS*CHANNELS*TAPS-1:0] weight_addresses,
  output reg  [ROW_BITS-1:0] weight_row, // of this step among all steps of the tile
  input  wire [8*CHANNELS*TAPS-1:0] weights,

  // Why it may have to wait: the buffers that its fields go to are full, its weights are not here.
  output reg  buffer,
  input  wire [1:0] buffers_full,
  input  wire weights_here,
  output wire adding,
  output wire scaling,
  output wire waits_for_weights,
  output wire group_done, // fields are those of the group
  output wire tile_done,
  output wire [32*CHANNELS*PIXELS-1:0] fields, // cell = channel * PIXELS + pixel
  output reg  [EVENT_BITS-1:0] saturations
);
  // ---- Where the array is --------------------------------------------------------------------------------------------

  reg over; // all tiles of the half-sweep are summed
  reg begun; // a group is
  reg [31:0] first_pixel;
  reg [31:0] term_of_tile;
  reg [31:0] step;

  wire can_begin = !buffers_full[buffer] && weights_here;
  wire runs = working && !over && (begun || can_begin);
  wire no_terms = tile_terms == 32'd0;
  wire first_step = step == 32'd0;
  wire first_term = term_of_tile == 32'd0;
  wire last_term = no_terms || term_of_tile == tile_terms - 32'd1;
  wire last_group = first_pixel + PIXELS >= tile_pixels;

  assign term = tile_first_term[TERM_BITS-1:0] + term_of_tile[TERM_BITS-1:0];
  assign scaling = runs && (no_terms || step == steps);
  assign adding = runs && !scaling;
  assign waits_for_weights = working && !over && !begun && !buffers_full[buffer] && !weights_here;
  assign group_done = scaling && last_term;
  assign tile_done = group_done && last_group;

  always @(posedge clk) begin
    if (begin_half) begin
      over <= 1'b0;
      begun <= 1'b0;
      tile <= first_tile;
      first_pixel <= 32'd0;
      term_of_tile <= 32'd0;
      step <= 32'd0;
      buffer <= 1'b0;
      weight_row <= {ROW_BITS{1'b0}};
    end else if (adding) begin
      begun <= 1'b1;
      step <= step + 32'd1;
      weight_row <= weight_row + {{(ROW_BITS-1){1'b0}}, 1'b1};
    end else if (scaling) begin
      begun <= !last_term;
      step <= 32'd0;
      term_of_tile <= last_term ? 32'd0 : term_of_tile + 32'd1;
      if (group_done) begin
        buffer <= !buffer;
        weight_row <= {ROW_BITS{1'b0}};
        first_pixel <= last_group ? 32'd0 : first_pixel + PIXELS;
      end
      if (tile_done) begin
        tile <= tile + {{(TILE_BITS-1){1'b0}}, 1'b1};
        over <= tile_is_last;
      end
    end
  end

  // ---- Addresses: TAPS steps of a walk over taps and inputs, from where the last cycle ended ------------------------------

  reg [31:0] input_kept, tap_kept, source_kept, site_kept, weight_kept;
  reg [31:0] input_now, tap_now, source_now, site_now, weight_now, channel_weight;
  reg [TAPS-1:0] present; // padding of the last step adds nothing
  reg [32*TAPS-1:0] input_sites;
  integer t, p, a;
  always @* begin
    input_now = first_step ? 32'd0 : input_kept;
    tap_now = first_step ? 32'd0 : tap_kept;
    source_now = first_step ? sources : source_kept;
    site_now = first_step ? source : site_kept;
    weight_now = first_step ? weight : weight_kept;
    channel_weight = 32'd0;
    present = {TAPS{1'b0}};
    input_sites = {(32*TAPS){1'b0}};
    source_addresses = {(SOURCE_BITS*TAPS*PIXELS){1'b0}};
    weight_addresses = {(WEIGHT_BITS*CHANNELS*TAPS){1'b0}};
    for (t = 0; t < TAPS; t = t + 1) begin
      present[t] = input_now < inputs;
      input_sites[32*t +: 32] = site_now;
      for (p = 0; p < PIXELS; p = p + 1)
        source_addresses[SOURCE_BITS*(PIXELS*t+p) +: SOURCE_BITS] = source_now + first_pixel + p;
      channel_weight = weight_now;
      for (a = 0; a < CHANNELS; a = a + 1) begin
        weight_addresses[WEIGHT_BITS*(TAPS*a+t) +: WEIGHT_BITS] = channel_weight;
        channel_weight = channel_weight + weights_per_channel;
      end
      if (tap_now + 32'd1 == taps) begin
        input_now = input_now + 32'd1;
        tap_now = 32'd0;
        source_now = sources;
        site_now = site_now + sites_per_input;
        weight_now = weight_now + weights_per_input - (taps - 32'd1);
      end else begin
        tap_now = tap_now + 32'd1;
        source_now = source_now + tile_pixels;
        weight_now = weight_now + 32'd1;
      end
    end
  end

  always @(posedge clk) begin
    if (adding) begin
      input_kept <= input_now;
      tap_kept <= tap_now;
      source_kept <= source_now;
      site_kept <= site_now;
      weight_kept <= weight_now;
    end
  end

  reg [TAPS*PIXELS-1:0] joined; // the tap touches a spin, the pixel is one of the map
  integer i, j;
  always @* begin
    for (i = 0; i < TAPS; i = i + 1)
      for (j = 0; j < PIXELS; j = j + 1) begin
        state_addresses[SITE_BITS*(PIXELS*i+j) +: SITE_BITS] = input_sites[32*i +: SITE_BITS] + source_words[(SITE_BITS+1)*(PIXELS*i+j) +: SITE_BITS];
        joined[PIXELS*i+j] = present[i] && !source_words[(SITE_BITS+1)*(PIXELS*i+j)+SITE_BITS] && first_pixel + j < tile_pixels;
      end
  end

  // ---- One cell for each channel and pixel: a sum A and a field ----------------------------------------------------------

  localparam signed [33:0] SUM_MAX = (34'sd1 <<< (ACCUMULATOR_BITS - 1)) - 34'sd1;
  localparam signed [33:0] SUM_MIN = -SUM_MAX - 34'sd1;

  wire [CHANNELS*PIXELS-1:0] saturated;
  genvar channel, pixel;
  generate
    for (channel = 0; channel < CHANNELS; channel = channel + 1) begin : channels
      for (pixel = 0; pixel < PIXELS; pixel = pixel + 1) begin : cells
        reg signed [ACCUMULATOR_BITS-1:0] sum;
        reg signed [31:0] field;

        // The inputs of a step are added up, and then to the sum, which may stop at an end of its register.
        reg signed [33:0] sum_next;
        integer n;
        always @* begin
          sum_next = first_step ? 34'sd0 : {{(34 - ACCUMULATOR_BITS){sum[ACCUMULATOR_BITS-1]}}, sum};
          for (n = 0; n < TAPS; n = n + 1)
            if (joined[PIXELS*n+pixel])
              sum_next = states[PIXELS*n+pixel]
                ? sum_next + {{26{weights[8*(TAPS*channel+n)+7]}}, weights[8*(TAPS*channel+n) +: 8]}
                : sum_next - {{26{weights[8*(TAPS*channel+n)+7]}}, weights[8*(TAPS*channel+n) +: 8]};
        end
        wire above = SATURATE != 0 && sum_next > SUM_MAX;
        wire below = SATURATE != 0 && sum_next < SUM_MIN;
        assign saturated[PIXELS*channel+pixel] = adding && (above || below) && channel < tile_channels && first_pixel + pixel < tile_pixels;

        // scaled(A) = floor((A * M + half) / 2^sh) (semantics 4.3)
        wire signed [31:0] wide_sum = {{(32 - ACCUMULATOR_BITS){sum[ACCUMULATOR_BITS-1]}}, sum};
        wire signed [16:0] signed_factor = {1'b0, factor};
        wire signed [48:0] product = wide_sum * signed_factor;
        wire signed [49:0] half = (50'sd1 <<< shift) >>> 1;
        wire signed [49:0] rounded = {product[48], product} + (shift == 6'd0 ? 50'sd0 : half);
        wire signed [49:0] scaled = rounded >>> shift;
        wire [31:0] field_next = no_terms ? 32'd0 : (first_term ? 32'd0 : field) + scaled[31:0];
        assign fields[32*(PIXELS*channel+pixel) +: 32] = field_next;

        always @(posedge clk) begin
          if (adding)
            sum <= above ? SUM_MAX[ACCUMULATOR_BITS-1:0] : below ? SUM_MIN[ACCUMULATOR_BITS-1:0] : sum_next[ACCUMULATOR_BITS-1:0];
          if (scaling) field <= field_next;
        end
      end
    end
  endgenerate

  integer cell_index;
  always @* begin
    saturations = {EVENT_BITS{1'b0}};
    for (cell_index = 0; cell_index < CHANNELS * PIXELS; cell_index = cell_index + 1)
      saturations = saturations + {{(EVENT_BITS-1){1'b0}}, saturated[cell_index]};
  end
endmodule
`;

/** The samplers of a convolution engine as a SystemVerilog module: they take the fields of a group, SAMPLERS spins at a time. */

/** Spins of a group come channel after channel, pixel after pixel; those that are over at the end of a group are nobody's. Everything of a spin happens in one cycle. */
export const convSamplersModule = `// The samplers: from fields of the array to states and sums; in the static pass, to the static fields.
module conv_samplers #(
  parameter CHANNELS = 4,
  parameter PIXELS = 8,
  parameter SAMPLERS = 8,
  parameter CELL_BITS = 5,
  parameter TILE_BITS = 6,
  parameter SITE_BITS = 10,
  parameter TABLE_BITS = 8,
  parameter COUNTER_BITS = 32,
  parameter DRAWS_TAKE_CYCLES = 0,
  parameter EVENT_BITS = 8
) (
  input  wire clk,

  // A half-sweep begins at a tile, and is over when the last tile of its bank is taken; a random start takes all tiles.
  input  wire begin_half,
  input  wire [TILE_BITS-1:0] first_tile,
  input  wire working,
  input  wire static_pass,
  input  wire random_start,

  // The tile at work, as PHASES describes it.
  output reg  [TILE_BITS-1:0] tile,
  input  wire [31:0] tile_site,
  input  wire [31:0] tile_spin_index,
  input  wire [31:0] tile_channels,
  input  wire [31:0] tile_pixels,

  // What the array gives: fields of a group, into one of two buffers.
  input  wire group_done,
  input  wire written_buffer,
  input  wire [32*CHANNELS*PIXELS-1:0] written_fields,
  output reg  [1:0] buffers_full,

  // Random numbers.
  output wire draw_start,
  output reg  [32*SAMPLERS-1:0] spin_indices,
  input  wire draws_ready,
  input  wire [16*SAMPLERS-1:0] draws,

  // Memories, by update slot, and the table.
  output reg  [SITE_BITS*SAMPLERS-1:0] slots,
  input  wire [32*SAMPLERS-1:0] held_fields, // B in the static pass, else H
  input  wire [SAMPLERS-1:0] old_states,
  input  wire [COUNTER_BITS*SAMPLERS-1:0] old_sums,
  input  wire [32*SAMPLERS-1:0] old_conditional_sums,
  output wire [TABLE_BITS*SAMPLERS-1:0] table_entries,
  input  wire [17*SAMPLERS-1:0] thresholds,

  input  wire use_temperature,
  input  wire [16:0] temperature,
  input  wire [4:0] table_shift,
  input  wire [31:0] table_last,
  input  wire retained,
  input  wire clear_sums,
  input  wire conditional,

  // What becomes of it: written where taken is 1.
  output wire active, // a group is here to be taken
  output wire samples, // SAMPLERS spins of it are, in this cycle
  output wire tile_done,
  output wire [SAMPLERS-1:0] taken,
  output wire [SAMPLERS-1:0] new_states,
  output wire [32*SAMPLERS-1:0] new_fields,
  output wire [COUNTER_BITS*SAMPLERS-1:0] new_sums,
  output wire [32*SAMPLERS-1:0] new_conditional_sums,
  output reg  [EVENT_BITS-1:0] updates,
  output reg  [EVENT_BITS-1:0] flips
);
  // ---- Fields of two groups ------------------------------------------------------------------------------------------

  reg signed [31:0] group_fields [0:(2 << CELL_BITS)-1];
  genvar c;
  generate
    for (c = 0; c < CHANNELS * PIXELS; c = c + 1) begin : cells
      wire [CELL_BITS-1:0] place = c;
      always @(posedge clk) if (group_done) group_fields[{written_buffer, place}] <= written_fields[32*c +: 32];
    end
  endgenerate

  // ---- Where the samplers are ------------------------------------------------------------------------------------------

  reg buffer;
  reg [31:0] first_pixel; // of the group
  reg [31:0] channel_kept, pixel_kept, offset_kept, cell_kept; // of the next spin of it
  reg drawing;

  assign active = working && (random_start || buffers_full[buffer]);
  // A number that takes cycles is asked for in the first of them.
  assign draw_start = active && !static_pass && !drawing && DRAWS_TAKE_CYCLES != 0;
  assign samples = active && (static_pass || DRAWS_TAKE_CYCLES == 0 || (drawing && draws_ready));

  // SAMPLERS steps of a walk over the pixels of each channel.
  wire [31:0] pixels_left = tile_pixels - first_pixel;
  wire [31:0] width = pixels_left < PIXELS ? pixels_left : PIXELS;
  reg [31:0] channel_now, pixel_now, offset_now, cell_now;
  reg [SAMPLERS-1:0] present;
  reg [CELL_BITS*SAMPLERS-1:0] places;
  integer s;
  always @* begin
    channel_now = channel_kept;
    pixel_now = pixel_kept;
    offset_now = offset_kept;
    cell_now = cell_kept;
    present = {SAMPLERS{1'b0}};
    places = {(CELL_BITS*SAMPLERS){1'b0}};
    slots = {(SITE_BITS*SAMPLERS){1'b0}};
    spin_indices = {(32*SAMPLERS){1'b0}};
    for (s = 0; s < SAMPLERS; s = s + 1) begin
      present[s] = channel_now < tile_channels;
      places[CELL_BITS*s +: CELL_BITS] = cell_now;
      slots[SITE_BITS*s +: SITE_BITS] = tile_site + offset_now;
      spin_indices[32*s +: 32] = tile_spin_index + offset_now;
      if (pixel_now + 32'd1 == width) begin
        channel_now = channel_now + 32'd1;
        pixel_now = 32'd0;
        offset_now = offset_now + tile_pixels - (width - 32'd1);
        cell_now = cell_now + PIXELS - (width - 32'd1);
      end else begin
        pixel_now = pixel_now + 32'd1;
        offset_now = offset_now + 32'd1;
        cell_now = cell_now + 32'd1;
      end
    end
  end

  wire group_over = samples && channel_now >= tile_channels;
  wire last_group = first_pixel + PIXELS >= tile_pixels;
  wire [31:0] next_pixel = last_group ? 32'd0 : first_pixel + PIXELS;
  assign tile_done = group_over && last_group;

  always @(posedge clk) begin
    if (begin_half) begin
      tile <= first_tile;
      buffer <= 1'b0;
      buffers_full <= 2'b00;
      drawing <= 1'b0;
      first_pixel <= 32'd0;
      channel_kept <= 32'd0;
      pixel_kept <= 32'd0;
      offset_kept <= 32'd0;
      cell_kept <= 32'd0;
    end else begin
      if (draw_start) drawing <= 1'b1;
      if (samples) begin
        drawing <= 1'b0;
        channel_kept <= group_over ? 32'd0 : channel_now;
        pixel_kept <= group_over ? 32'd0 : pixel_now;
        offset_kept <= group_over ? next_pixel : offset_now;
        cell_kept <= group_over ? 32'd0 : cell_now;
      end
      if (group_over) begin
        buffer <= !buffer;
        first_pixel <= next_pixel;
      end
      if (tile_done) tile <= tile + {{(TILE_BITS-1){1'b0}}, 1'b1};
      if (group_done) buffers_full[written_buffer] <= 1'b1;
      if (group_over && !random_start) buffers_full[buffer] <= 1'b0;
    end
  end

  // ---- One sampler after the other ---------------------------------------------------------------------------------------

  genvar n;
  generate
    for (n = 0; n < SAMPLERS; n = n + 1) begin : lanes
      assign taken[n] = samples && present[n];

      // u = H + sum of scaled A; with a temperature floor((u * b + 32768) / 65536) (semantics 4.5)
      wire signed [31:0] sum = held_fields[32*n +: 32] + group_fields[{buffer, places[CELL_BITS*n +: CELL_BITS]}];
      wire signed [17:0] signed_temperature = {1'b0, temperature};
      wire signed [49:0] tempered = sum * signed_temperature + 50'sd32768;
      wire [31:0] field = use_temperature ? tempered[47:16] : sum;
      assign new_fields[32*n +: 32] = sum;

      // The table has fields from 0 on; T of a negative one is 65536 less that of its magnitude (semantics 4.6).
      wire [31:0] magnitude = field[31] ? -field : field;
      wire [31:0] half = table_shift == 5'd0 ? 32'd0 : (32'd1 << table_shift) >> 1;
      wire [31:0] entry = (magnitude + half) >> table_shift;
      wire [31:0] entry_held = entry > table_last ? table_last : entry;
      assign table_entries[TABLE_BITS*n +: TABLE_BITS] = entry_held;
      wire [16:0] looked_up = field[31] ? 17'd65536 - thresholds[17*n +: 17] : thresholds[17*n +: 17];
      wire [16:0] threshold = random_start ? 17'd32768 : looked_up;
      assign new_states[n] = {1'b0, draws[16*n +: 16]} < threshold;

      // Sums of retained sweeps (semantics 2.1)
      wire [COUNTER_BITS-1:0] sum_from = clear_sums ? {COUNTER_BITS{1'b0}} : old_sums[COUNTER_BITS*n +: COUNTER_BITS];
      wire [COUNTER_BITS-1:0] sum_term = !retained ? 0 : new_states[n] ? 1 : {COUNTER_BITS{1'b1}};
      assign new_sums[COUNTER_BITS*n +: COUNTER_BITS] = sum_from + sum_term;
      wire [31:0] conditional_from = clear_sums ? 32'd0 : old_conditional_sums[32*n +: 32];
      wire [31:0] conditional_term = retained && conditional ? {14'd0, threshold, 1'b0} - 32'd65536 : 32'd0;
      assign new_conditional_sums[32*n +: 32] = conditional_from + conditional_term;
    end
  endgenerate

  integer k;
  always @* begin
    updates = {EVENT_BITS{1'b0}};
    flips = {EVENT_BITS{1'b0}};
    for (k = 0; k < SAMPLERS; k = k + 1) begin
      updates = updates + {{(EVENT_BITS-1){1'b0}}, taken[k]};
      flips = flips + {{(EVENT_BITS-1){1'b0}}, taken[k] && new_states[k] != old_states[k]};
    end
  end
endmodule
`;

/** The schedule of a convolution engine as a SystemVerilog module: commands, passes, half-sweeps and drains; and what each cycle is counted for. */

/**
 * Every cycle but those of IDLE and TAKE is counted. What takes no cycle is decided in the last cycle of what comes before it: `begin_half` is 1 in the cycle before
 * the first one of a half-sweep. `causes` are the numbers of the causes.
 */
export const convControlModule = (causes: string): string => `// The schedule: static pass, random start, sweeps.
module conv_control #(
  parameter TILE_BITS = 6,
  parameter TEMPERATURE_BITS = 4,
  parameter FILL_CYCLES = 12,
  parameter WALK_CYCLES = 0
) (
  input  wire clk,
  input  wire rst,

  // Commands, registers and the header of PHASES.
  input  wire start,
  input  wire go_on,
  input  wire stop,
  input  wire [31:0] sweeps,
  input  wire [31:0] burn_in,
  input  wire [31:0] stride,
  input  wire random,
  input  wire use_static_pass,
  input  wire use_clear_sums,
  input  wire write_sweeps_done,
  input  wire [31:0] bus_word,
  input  wire [31:0] static_tiles,
  input  wire [31:0] tiles,
  input  wire [31:0] spins,
  output reg  [31:0] sweeps_done,
  output wire busy,
  input  wire seed_busy,

  // The units.
  output wire begin_half,
  output wire [TILE_BITS-1:0] first_tile,
  output wire working, // array, samplers and fetcher
  output wire sampling, // samplers, if only they
  output wire static_pass,
  output wire random_start,
  input  wire [TILE_BITS-1:0] sampled_tile,
  input  wire sampled_tile_is_last,
  input  wire tile_sampled,
  input  wire adding,
  input  wire scaling,
  input  wire waits_for_weights,
  input  wire samples,

  output wire retained,
  output wire clear_sums,
  output reg  [TEMPERATURE_BITS-1:0] sweep_of_command,
  output wire counting,
  output reg  [3:0] cause
);
${causes}
  localparam [2:0] IDLE = 3'd0, TAKE = 3'd1, HALF = 3'd2, SAMPLE_ONLY = 3'd3, DRAIN = 3'd4, WALK = 3'd5;
  localparam [1:0] STATIC_PASS = 2'd0, START_PASS = 2'd1, SWEEP_PASS = 2'd2;

  reg [2:0] state, next_state;
  reg [1:0] pass, next_pass;
  reg starting, stopping;
  reg [31:0] sweeps_left, waited;

  assign busy = state != IDLE;
  assign working = state == HALF;
  assign sampling = state == HALF || state == SAMPLE_ONLY;
  assign static_pass = pass == STATIC_PASS;
  assign random_start = pass == START_PASS;

  // ---- Taking a command: which sweep is retained next. A serial division, whose cycles count for no run. -------------

  reg [5:0] taken;
  reg [31:0] dividend;
  reg [32:0] remainder;
  wire [32:0] shifted = {remainder[31:0], dividend[31]};
  wire take_over = state == TAKE && taken == 6'd33 && !seed_busy;
  always @(posedge clk) begin
    if (state != TAKE) taken <= 6'd0;
    else if (taken != 6'd33) taken <= taken + 6'd1;
    if (taken == 6'd0) begin
      dividend <= sweeps_done > burn_in ? sweeps_done - burn_in : 32'd0;
      remainder <= 33'd0;
    end else if (taken != 6'd33) begin
      dividend <= {dividend[30:0], 1'b0};
      remainder <= shifted >= {1'b0, stride} ? shifted - {1'b0, stride} : shifted;
    end
  end
  wire [32:0] first_retained =
    sweeps_done < burn_in ? {1'b0, burn_in} + {1'b0, stride} - {1'b0, sweeps_done} : {1'b0, stride} - remainder;
  reg [32:0] until_retained;
  assign retained = pass == SWEEP_PASS && until_retained == 33'd1;
  assign clear_sums = use_clear_sums && sweeps_done == 32'd0;

  // ---- What ends with this cycle -------------------------------------------------------------------------------------

  wire half_sampled = working && tile_sampled && sampled_tile_is_last;
  wire half_over = FILL_CYCLES == 0 ? half_sampled : state == DRAIN && waited == FILL_CYCLES - 1;
  // The samplers are at the tile after the half-sweep's last one from its end on.
  wire [31:0] next_tile = {{(32 - TILE_BITS){1'b0}}, sampled_tile} + (tile_sampled ? 32'd1 : 32'd0);
  wire last_half = next_tile == (static_pass ? static_tiles : tiles);
  wire static_over = half_over && last_half && static_pass;
  wire start_over = state == SAMPLE_ONLY && tile_sampled && next_tile == tiles;
  wire sweep_sampled = half_over && last_half && pass == SWEEP_PASS;
  wire walks = WALK_CYCLES != 0 && retained;
  wire sweep_over = walks ? state == WALK && waited == WALK_CYCLES * spins - 1 : sweep_sampled;

  wire [31:0] sweeps_then = sweep_over ? sweeps_left - 32'd1 : sweeps_left;
  wire more_sweeps = sweeps_then != 32'd0 && !(sweep_over && (stopping || stop));
  wire has_static_pass = starting && use_static_pass && static_tiles != 32'd0;
  wire has_start_pass = starting && random;

  always @* begin
    next_state = state;
    next_pass = pass;
    if (state == IDLE) next_state = start || go_on ? TAKE : IDLE;
    else if (take_over && has_static_pass) begin
      next_state = HALF;
      next_pass = STATIC_PASS;
    end else if ((take_over || static_over) && has_start_pass) begin
      next_state = SAMPLE_ONLY;
      next_pass = START_PASS;
    end else if (take_over || static_over || start_over || sweep_over) begin
      next_state = more_sweeps ? HALF : IDLE;
      next_pass = SWEEP_PASS;
    end else if (sweep_sampled) next_state = WALK;
    else if (half_over) next_state = HALF;
    else if (half_sampled) next_state = DRAIN;
  end

  wire begin_pass = take_over || static_over || start_over || sweep_over;
  assign begin_half = begin_pass || half_over;
  assign first_tile = !begin_pass ? next_tile[TILE_BITS-1:0] : next_pass == STATIC_PASS ? {TILE_BITS{1'b0}} : static_tiles[TILE_BITS-1:0];

  always @(posedge clk) begin
    state <= rst ? IDLE : next_state;
    pass <= next_pass;
    waited <= state == next_state && (state == DRAIN || state == WALK) ? waited + 32'd1 : 32'd0;
    if (state == IDLE) begin
      starting <= start;
      stopping <= 1'b0;
      sweeps_left <= sweeps;
      sweep_of_command <= {TEMPERATURE_BITS{1'b0}};
    end else begin
      if (stop) stopping <= 1'b1;
      sweeps_left <= sweeps_then;
      if (sweep_over) sweep_of_command <= sweep_of_command + {{(TEMPERATURE_BITS-1){1'b0}}, 1'b1};
    end

    if (take_over) until_retained <= first_retained;
    else if (sweep_over) until_retained <= until_retained == 33'd1 ? {1'b0, stride} : until_retained - 33'd1;

    if (rst || (state == IDLE && start)) sweeps_done <= 32'd0;
    else if (write_sweeps_done) sweeps_done <= bus_word;
    else if (sweep_over) sweeps_done <= sweeps_done + 32'd1;
  end

  // ---- What the cycle is counted for -------------------------------------------------------------------------------------

  assign counting = state != IDLE && state != TAKE;
  always @* begin
    if (static_pass) cause = CAUSE_STATIC;
    else if (state == DRAIN) cause = CAUSE_COLOR_STALL;
    else if (state == WALK) cause = CAUSE_READOUT;
    else if (adding) cause = CAUSE_MAC;
    else if (scaling) cause = CAUSE_SCALE;
    else if (waits_for_weights) cause = CAUSE_WEIGHT_STALL;
    else cause = samples ? CAUSE_SAMPLE : CAUSE_RNG_STALL;
  end
endmodule
`;

/** The schedule of a lane engine as a SystemVerilog module: which state the lanes are in, and where they are in the memories. */

/**
 * Every counted cycle is a cycle of one of the states CLEAR … WALK. What takes no cycle is decided in the last cycle of what comes before it: whoever leaves a
 * chunk, a color or a pass sets the addresses of the next one, so that its words are there in its first cycle.
 */
export const laneControlModule = (
  constants: string,
): string => `// The schedule: passes over colors, chunks, coupling groups and steps.
module lane_control #(
  parameter CHUNK_BITS = 4,
  parameter ROW_BITS = 8,
  parameter PHASE_BITS = 5,
  parameter GROUP_BITS = 8,
  parameter TEMPERATURE_BITS = 4,
  parameter SYNC_CYCLES = 0,
  parameter SWEEP_CYCLES = 1,
  parameter WALK_CYCLES = 0 // of each spin after a retained sweep; 0: sums are not walked over
) (
  input  wire clk,
  input  wire rst,

  // Commands and what they go by.
  input  wire start,
  input  wire go_on,
  input  wire stop,
  input  wire [31:0] sweeps,
  input  wire [31:0] burn_in,
  input  wire [31:0] stride,
  input  wire random,
  input  wire use_temperatures,
  input  wire use_static_pass,
  input  wire use_clear_sums,
  input  wire write_sweeps_done,
  input  wire [31:0] bus_word,
  output reg  [31:0] sweeps_done,
  output wire busy,

  // The header of PHASES.
  input  wire [31:0] colors,
  input  wire [31:0] sweep_row,
  input  wire [31:0] sweep_group,
  input  wire [31:0] spins,

  // Addresses whose words are there in the next cycle, and the words of this one.
  output wire [PHASE_BITS-1:0] phase_read,
  output wire [GROUP_BITS-1:0] group_read,
  output wire [CHUNK_BITS-1:0] chunk_read,
  output wire [ROW_BITS-1:0] row_read,
  output wire [TEMPERATURE_BITS-1:0] temperature_read,
  output reg  [CHUNK_BITS-1:0] chunk,
  input  wire [31:0] phase_word,
  input  wire [23:0] steps,

  // Generators.
  input  wire seed_busy,
  input  wire ready,
  output wire draw_start,

  // What the lanes do in this cycle.
  output wire clear,
  output wire add,
  output wire scale,
  output wire temper,
  output wire sample,
  output wire write,
  output wire static_pass,
  output wire random_start,
  output wire retained,
  output wire clear_sums,
  // Which cause this cycle counts for, if any: the place in the list of causes.
  output wire counting,
  output reg  [3:0] cause
);
${constants}
  localparam [3:0] IDLE = 4'd0, TAKE = 4'd1, CLEAR = 4'd2, MAC = 4'd3, SCALE = 4'd4, TEMPER = 4'd5, SAMPLE = 4'd6,
    WRITE = 4'd7, SYNC = 4'd8, REST = 4'd9, WALK = 4'd10;
  localparam [1:0] START_PASS = 2'd0, STATIC_PASS = 2'd1, SWEEP_PASS = 2'd2;

  reg [3:0] state;
  reg [1:0] pass;
  reg starting;         // the command at work is a start
  reg stopping;         // the host has had enough
  reg [31:0] sweeps_left;
  reg [31:0] sweep;     // of this command, from 0
  reg [32:0] until_retained; // 1: this sweep is

  reg [31:0] color;
  reg [23:0] chunk_of_color;
  reg [7:0] group_of_chunk;
  reg [23:0] step;
  reg [PHASE_BITS-1:0] phase;
  reg [GROUP_BITS-1:0] first_group; // of this color
  reg [ROW_BITS-1:0] row;
  reg [31:0] waited;

  assign static_pass = pass == STATIC_PASS;
  assign random_start = pass == START_PASS;
  wire sweeping = pass == SWEEP_PASS;
  assign retained = sweeping && until_retained == 33'd1;
  assign clear_sums = use_clear_sums && sweeps_done == 32'd0;

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

  // ---- What ends with this cycle -------------------------------------------------------------------------------------

  wire [7:0] groups = random_start ? 8'd0 : phase_word[31:24];
  wire last_step = step == steps - 24'd1;
  wire last_group = group_of_chunk == groups - 8'd1;
  wire last_chunk = chunk_of_color == phase_word[23:0] - 24'd1;
  wire last_color = color == colors - 32'd1;
  wire walk = WALK_CYCLES != 0 && retained;

  wire chunks_over = state == WRITE && last_chunk;
  wire color_over = sweeping && SYNC_CYCLES != 0 ? state == SYNC && waited == SYNC_CYCLES - 1 : chunks_over;
  wire colors_over = color_over && last_color;
  wire rest_over = SWEEP_CYCLES != 0 ? state == REST && waited == SWEEP_CYCLES - 1 : colors_over;
  wire walk_over = state == WALK && waited == spins * WALK_CYCLES - 32'd1;
  wire sweep_over = sweeping && (walk ? walk_over : rest_over);
  wire pass_over = take_over || (sweeping ? sweep_over : colors_over);

  // ---- What comes then -------------------------------------------------------------------------------------------------

  wire [1:0] next_pass =
    state == TAKE && starting && random ? START_PASS :
    use_static_pass && (state == TAKE ? starting : random_start) ? STATIC_PASS : SWEEP_PASS;
  wire [31:0] sweeps_then = sweep_over ? sweeps_left - 32'd1 : sweeps_left;
  wire more = next_pass != SWEEP_PASS || (sweeps_then != 32'd0 && !stopping);
  wire [3:0] after_fields = static_pass ? WRITE : sweeping && use_temperatures ? TEMPER : SAMPLE;

  reg [3:0] next_state;
  always @* begin
    next_state = state;
    if (pass_over) next_state = more ? CLEAR : IDLE;
    else if (colors_over) next_state = SWEEP_CYCLES != 0 ? REST : WALK;
    else if (color_over) next_state = CLEAR;
    else
      case (state)
        IDLE: if (start || go_on) next_state = TAKE;
        CLEAR: next_state = groups == 8'd0 ? after_fields : MAC;
        MAC: if (last_step) next_state = SCALE;
        SCALE: next_state = last_group ? after_fields : MAC;
        TEMPER: next_state = SAMPLE;
        SAMPLE: if (ready) next_state = WRITE;
        WRITE: next_state = last_chunk ? SYNC : CLEAR;
        REST: if (rest_over) next_state = WALK;
        default: next_state = state;
      endcase
  end

  // ---- Addresses of the next cycle -----------------------------------------------------------------------------------

  wire begin_pass = pass_over;
  wire begin_color = color_over && !last_color;
  wire begin_chunk = state == WRITE && next_state == CLEAR;
  wire to_static = next_pass == STATIC_PASS;
  wire look_up = next_state == MAC; // the slot of this cycle is added in the next one

  wire [PHASE_BITS-1:0] phase_next =
    begin_pass ? (to_static ? {PHASE_BITS{1'b0}} : colors[PHASE_BITS-1:0]) :
    begin_color ? phase + {{(PHASE_BITS-1){1'b0}}, 1'b1} : phase;
  wire [GROUP_BITS-1:0] first_group_next =
    begin_pass ? (to_static ? {GROUP_BITS{1'b0}} : sweep_group[GROUP_BITS-1:0]) :
    begin_color ? first_group + {{GROUP_BITS{1'b0}}, groups} : first_group;
  wire [7:0] group_of_chunk_next =
    begin_pass || begin_color || begin_chunk ? 8'd0 : state == SCALE ? group_of_chunk + 8'd1 : group_of_chunk;
  wire [CHUNK_BITS-1:0] chunk_next =
    begin_pass ? {CHUNK_BITS{1'b0}} :
    begin_color || begin_chunk ? chunk + {{(CHUNK_BITS-1){1'b0}}, 1'b1} : chunk;
  wire [ROW_BITS-1:0] row_next =
    begin_pass ? (to_static ? {ROW_BITS{1'b0}} : sweep_row[ROW_BITS-1:0]) :
    look_up ? row + {{(ROW_BITS-1){1'b0}}, 1'b1} : row;
  wire [31:0] sweep_next = state == TAKE ? 32'd0 : sweep_over ? sweep + 32'd1 : sweep;

  assign phase_read = phase_next;
  assign group_read = first_group_next + {{GROUP_BITS{1'b0}}, group_of_chunk_next};
  assign chunk_read = chunk_next;
  assign row_read = row_next;
  assign temperature_read = sweep_next[TEMPERATURE_BITS-1:0];

  always @(posedge clk) begin
    state <= rst ? IDLE : next_state;
    phase <= phase_next;
    first_group <= first_group_next;
    group_of_chunk <= group_of_chunk_next;
    chunk <= chunk_next;
    row <= row_next;
    sweep <= sweep_next;
    step <= state == MAC ? step + 24'd1 : 24'd0;
    waited <= state == next_state ? waited + 32'd1 : 32'd0;

    if (begin_pass) begin
      pass <= next_pass;
      color <= 32'd0;
      chunk_of_color <= 24'd0;
    end else if (begin_color) begin
      color <= color + 32'd1;
      chunk_of_color <= 24'd0;
    end else if (begin_chunk) chunk_of_color <= chunk_of_color + 24'd1;

    if (state == IDLE) begin
      starting <= start;
      stopping <= 1'b0;
      sweeps_left <= sweeps;
    end else begin
      if (stop) stopping <= 1'b1;
      sweeps_left <= sweeps_then;
    end

    if (take_over) until_retained <= first_retained;
    else if (sweep_over) until_retained <= until_retained == 33'd1 ? {1'b0, stride} : until_retained - 33'd1;

    if (rst || (state == IDLE && start)) sweeps_done <= 32'd0;
    else if (write_sweeps_done) sweeps_done <= bus_word;
    else if (sweep_over) sweeps_done <= sweeps_done + 32'd1;
  end

  // ---- What the lanes do ------------------------------------------------------------------------------------------------

  assign busy = state != IDLE;
  assign clear = state == CLEAR;
  assign draw_start = clear && !static_pass;
  assign add = state == MAC;
  assign scale = state == SCALE;
  assign temper = state == TEMPER;
  assign sample = state == SAMPLE && ready;
  assign write = state == WRITE;
  assign counting = state != IDLE && state != TAKE;

  always @* begin
    case (state)
      CLEAR: cause = CAUSE_FETCH;
      MAC: cause = CAUSE_MAC;
      SCALE: cause = CAUSE_SCALE;
      TEMPER: cause = CAUSE_SCALE;
      SAMPLE: cause = ready ? CAUSE_SAMPLE : CAUSE_RNG_STALL;
      WRITE: cause = CAUSE_WRITE;
      WALK: cause = CAUSE_READOUT;
      default: cause = CAUSE_COLOR_STALL;
    endcase
    if (static_pass) cause = CAUSE_STATIC;
  end
endmodule
`;

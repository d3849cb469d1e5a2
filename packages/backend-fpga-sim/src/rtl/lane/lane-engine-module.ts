/** The top of a lane engine as a SystemVerilog module: the bus, the registers, and the lanes around their control. */

export const laneEngineName = 'isinglass_machine';

/**
 * `constants` are the windows, registers, commands and flags of the memory map; `parameters` the sizes of this machine.
 *
 * Bus: a write takes effect at the edge at the end of its cycle; a word that is read is on `bus_read_data` in the cycle after the one with `bus_read`.
 * Memories answer only while STATUS says that the machine is idle.
 */
export const laneEngineModule = (
  constants: string,
  parameters: string,
): string => `// A lane engine behind a bus of 32-bit words.
// Ports: a write takes effect at the end of its cycle; a word that is read is there in the cycle after bus_read. irq is 1 while no
// command is at work.
module ${laneEngineName} (
  input  wire clk,
  input  wire rst,
  input  wire [31:0] bus_address, // window, 8 bits; offset, 24 bits
  input  wire [31:0] bus_write_data,
  input  wire bus_write,
  output reg  [31:0] bus_read_data,
  input  wire bus_read,
  output wire irq
);
${parameters}
${constants}

  // ---- The bus ------------------------------------------------------------------------------------------------------------

  wire [7:0] window = bus_address[31:24];
  wire [23:0] offset = bus_address[23:0];
  wire busy;
  assign irq = !busy;

  // What is read stays selected until the next read; a write selects for its own cycle.
  reg [7:0] read_window;
  reg [23:0] read_offset;
  always @(posedge clk) begin
    if (bus_read) begin
      read_window <= window;
      read_offset <= offset;
    end
  end

  // Memories have one port each: the bus has it while the machine is idle.
  wire bus_owns = !busy;
  wire bus_writes = bus_write && bus_owns;
  wire writes_register = bus_write && window == WINDOW_REGISTERS;

  // An update slot is a chunk and a lane; a word of SLOTS is a row, a lane and a coupling.
  wire [23:0] bus_chunk = offset >> LANE_BITS;
  wire [23:0] bus_lane = offset & LANE_MASK;
  wire [23:0] bus_row = offset >> (LANE_BITS + COUPLING_BITS);
  wire [23:0] bus_row_lane = (offset >> COUPLING_BITS) & LANE_MASK;
  wire [23:0] bus_coupling = offset & COUPLING_MASK;
  wire [23:0] read_lane = read_offset & LANE_MASK;
  wire [23:0] read_row_lane = (read_offset >> COUPLING_BITS) & LANE_MASK;
  wire [23:0] read_coupling = read_offset & COUPLING_MASK;

  // ---- Registers ----------------------------------------------------------------------------------------------------------

  reg [31:0] sweeps, sweep_offset, burn_in, stride, seed_low, seed_high, image, block_chain, start_kind, flags;
  wire [31:0] sweeps_done;

  wire commanded = writes_register && offset == REGISTER_COMMAND;
  wire start = commanded && bus_owns && bus_write_data == COMMAND_START;
  wire go_on = commanded && bus_owns && bus_write_data == COMMAND_CONTINUE;
  wire stop = commanded && bus_write_data == COMMAND_STOP;
  wire clear_counters = commanded && bus_write_data == COMMAND_CLEAR_COUNTERS;

  always @(posedge clk) begin
    if (rst) begin
      sweeps <= 32'd0;
      sweep_offset <= 32'd0;
      burn_in <= 32'd0;
      stride <= 32'd1;
      seed_low <= 32'd0;
      seed_high <= 32'd0;
      image <= 32'd0;
      block_chain <= 32'd0;
      start_kind <= 32'd0;
      flags <= 32'd0;
    end else if (writes_register && bus_owns) begin
      case (offset)
        REGISTER_SWEEPS: sweeps <= bus_write_data;
        REGISTER_SWEEP_OFFSET: sweep_offset <= bus_write_data;
        REGISTER_BURN_IN: burn_in <= bus_write_data;
        REGISTER_STRIDE: stride <= bus_write_data;
        REGISTER_SEED_LOW: seed_low <= bus_write_data;
        REGISTER_SEED_HIGH: seed_high <= bus_write_data;
        REGISTER_IMAGE: image <= bus_write_data;
        REGISTER_BLOCK_CHAIN: block_chain <= bus_write_data;
        REGISTER_START: start_kind <= bus_write_data;
        REGISTER_FLAGS: flags <= bus_write_data;
        default: ;
      endcase
    end
  end

  // The header of PHASES.
  reg [31:0] table_shift, table_last, colors, sweep_row, sweep_group, chunks, spins;
  always @(posedge clk) begin
    if (bus_writes && window == WINDOW_PHASES) begin
      case (offset)
        HEADER_TABLE_SHIFT: table_shift <= bus_write_data;
        HEADER_TABLE_LAST: table_last <= bus_write_data;
        HEADER_COLORS: colors <= bus_write_data;
        HEADER_SWEEP_ROW: sweep_row <= bus_write_data;
        HEADER_SWEEP_GROUP: sweep_group <= bus_write_data;
        HEADER_CHUNKS: chunks <= bus_write_data;
        HEADER_SPINS: spins <= bus_write_data;
        default: ;
      endcase
    end
  end

  // ---- The schedule ---------------------------------------------------------------------------------------------------------

  wire [PHASE_BITS-1:0] phase_read;
  wire [GROUP_BITS-1:0] group_read;
  wire [CHUNK_BITS-1:0] chunk_read, chunk;
  wire [ROW_BITS-1:0] row_read;
  wire [TEMPERATURE_BITS-1:0] temperature_read;
  wire [31:0] phase_word;
  wire [23:0] steps;
  wire [21:0] multiplier;
  wire [16:0] temperature;
  wire seed_busy, ready, draw_start;
  wire clear, add, scale, temper, sample, write, static_pass, random_start, retained, clear_sums, counting;
  wire [3:0] cause;

  lane_control #(
    .CHUNK_BITS(CHUNK_BITS), .ROW_BITS(ROW_BITS), .PHASE_BITS(PHASE_BITS), .GROUP_BITS(GROUP_BITS),
    .TEMPERATURE_BITS(TEMPERATURE_BITS), .SYNC_CYCLES(SYNC_CYCLES), .SWEEP_CYCLES(SWEEP_CYCLES), .WALK_CYCLES(WALK_CYCLES)
  ) control (
    .clk(clk), .rst(rst), .start(start), .go_on(go_on), .stop(stop), .sweeps(sweeps), .burn_in(burn_in), .stride(stride),
    .random(start_kind == START_RANDOM), .use_temperatures((flags & FLAG_TEMPERATURES) != 0),
    .use_static_pass((flags & FLAG_STATIC_PASS) != 0), .use_clear_sums((flags & FLAG_CLEAR_SUMS) != 0),
    .write_sweeps_done(writes_register && bus_owns && offset == REGISTER_SWEEPS_DONE), .bus_word(bus_write_data),
    .sweeps_done(sweeps_done), .busy(busy),
    .colors(colors), .sweep_row(sweep_row), .sweep_group(sweep_group), .spins(spins),
    .phase_read(phase_read), .group_read(group_read), .chunk_read(chunk_read), .row_read(row_read),
    .temperature_read(temperature_read), .chunk(chunk), .phase_word(phase_word), .steps(steps),
    .seed_busy(seed_busy), .ready(ready), .draw_start(draw_start),
    .clear(clear), .add(add), .scale(scale), .temper(temper), .sample(sample), .write(write),
    .static_pass(static_pass), .random_start(random_start), .retained(retained), .clear_sums(clear_sums),
    .counting(counting), .cause(cause)
  );

  wire in_phases = window == WINDOW_PHASES;
  word_memory #(.WIDTH(32), .ADDRESS_BITS(PHASE_BITS)) phases (
    .clk(clk), .read_address(bus_owns ? offset[PHASE_BITS-1:0] : phase_read), .read_word(phase_word),
    .write(bus_writes && in_phases && offset[23:22] == PART_PHASES), .write_address(offset[PHASE_BITS-1:0]), .write_word(bus_write_data)
  );
  word_memory #(.WIDTH(24), .ADDRESS_BITS(GROUP_BITS)) group_steps (
    .clk(clk), .read_address(bus_owns ? offset[GROUP_BITS-1:0] : group_read), .read_word(steps),
    .write(bus_writes && in_phases && offset[23:22] == PART_STEPS), .write_address(offset[GROUP_BITS-1:0]), .write_word(bus_write_data[23:0])
  );
  word_memory #(.WIDTH(22), .ADDRESS_BITS(GROUP_BITS)) multipliers (
    .clk(clk), .read_address(bus_owns ? offset[GROUP_BITS-1:0] : group_read), .read_word(multiplier),
    .write(bus_writes && in_phases && offset[23:22] == PART_MULTIPLIERS), .write_address(offset[GROUP_BITS-1:0]), .write_word(bus_write_data[21:0])
  );
  word_memory #(.WIDTH(17), .ADDRESS_BITS(TEMPERATURE_BITS)) temperatures (
    .clk(clk), .read_address(bus_owns ? offset[TEMPERATURE_BITS-1:0] : temperature_read), .read_word(temperature),
    .write(bus_writes && window == WINDOW_TEMPERATURES), .write_address(offset[TEMPERATURE_BITS-1:0]), .write_word(bus_write_data[16:0])
  );

  // ---- States: what is written goes to the copies of all lanes, and to one that is read by chunks ----------------------------

  localparam STATE_BITS = STATE_PARTS * STATE_PART_BITS;
  localparam PART_COUNT_BITS = $clog2(STATE_PARTS);

  wire [LANES-1:0] new_states;
  // Where lanes are fewer than 32, a chunk is a part of a word; where they are more, a word of the bus is a part of a chunk.
  wire [23:0] wide_chunk = {{(24 - CHUNK_BITS){1'b0}}, chunk};
  wire [23:0] wide_chunk_read = {{(24 - CHUNK_BITS){1'b0}}, chunk_read};
  wire [STATE_PARTS-1:0] one_part = 1;
  wire [STATE_PARTS-1:0] every_part = {STATE_PARTS{1'b1}};
  wire bus_writes_states = bus_writes && window == WINDOW_SPINS;
  wire [STATE_PARTS-1:0] write_state =
    bus_writes_states ? (LANES > 32 ? one_part << (offset & (STATE_PARTS - 1)) : every_part) :
    write && !static_pass ? (LANES > 32 ? every_part : one_part << (wide_chunk & (STATE_PARTS - 1))) : {STATE_PARTS{1'b0}};
  wire [23:0] bus_state_address = LANES > 32 ? offset >> PART_COUNT_BITS : offset;
  wire [23:0] chunk_state_address = LANES > 32 ? wide_chunk : wide_chunk >> PART_COUNT_BITS;
  wire [23:0] row_state_address = LANES > 32 ? wide_chunk_read : wide_chunk_read >> PART_COUNT_BITS;
  wire [STATE_ADDRESS_BITS-1:0] state_address = bus_owns ? bus_state_address[STATE_ADDRESS_BITS-1:0] : chunk_state_address[STATE_ADDRESS_BITS-1:0];
  wire [STATE_ADDRESS_BITS-1:0] state_read = bus_owns ? bus_state_address[STATE_ADDRESS_BITS-1:0] : row_state_address[STATE_ADDRESS_BITS-1:0];
  wire [STATE_BITS-1:0] state_word = bus_writes_states ? {(STATE_BITS / 32){bus_write_data}} : {(STATE_BITS / LANES){new_states}};

  wire [STATE_BITS-1:0] states_by_chunk;
  state_memory #(.PARTS(STATE_PARTS), .PART_BITS(STATE_PART_BITS), .ADDRESS_BITS(STATE_ADDRESS_BITS)) by_chunk (
    .clk(clk), .read_address(state_read), .read_word(states_by_chunk),
    .write(write_state), .write_address(state_address), .write_word(state_word)
  );
  // Of this chunk, as they were.
  wire [STATE_BITS-1:0] states_from_chunk = LANES > 32 ? states_by_chunk : states_by_chunk >> ((wide_chunk & (STATE_PARTS - 1)) * LANES);
  wire [LANES-1:0] old_states = states_from_chunk[LANES-1:0];
  wire [STATE_BITS-1:0] states_from_offset = LANES > 32 ? states_by_chunk >> ((read_offset & (STATE_PARTS - 1)) * 32) : states_by_chunk;

  // ---- Random numbers -------------------------------------------------------------------------------------------------------

  wire [32*LANES-1:0] spin_indices;
  wire [16*LANES-1:0] draws;
  wire [31:0] generator_word;
  lane_generators #(.LANES(LANES)) generators (
    .clk(clk), .seed_start(start), .seed_low(seed_low), .seed_high(seed_high), .image(image), .block_chain(block_chain),
    .sweep_offset(sweep_offset), .seed_busy(seed_busy),
    .write(bus_writes && window == WINDOW_GENERATORS), .address(bus_write ? offset : read_offset), .write_word(bus_write_data),
    .read_word(generator_word), .draw_start(draw_start), .spin_indices(spin_indices),
    .sweep(random_start ? 32'd0 : sweep_offset + sweeps_done + 32'd1), .draw_taken(sample), .ready(ready), .draws(draws)
  );

  // ---- The lanes ------------------------------------------------------------------------------------------------------------

  wire [CHUNK_BITS-1:0] lane_chunk_read = bus_owns ? bus_chunk[CHUNK_BITS-1:0] : chunk_read;
  wire [CHUNK_BITS-1:0] lane_chunk_write = bus_owns ? bus_chunk[CHUNK_BITS-1:0] : chunk;
  wire [ROW_BITS-1:0] lane_row_read = bus_owns ? bus_row[ROW_BITS-1:0] : row_read;

  wire [LANES-1:0] present, flipped, saturated;
  wire [32*LANES-1:0] bias_words, field_words, sum_words, conditional_words;
  wire [32*LANES*COUPLINGS-1:0] slot_words;
  wire [17*LANES-1:0] table_words;

  genvar n, w;
  generate
    for (n = 0; n < LANES; n = n + 1) begin : lanes
      wire mine = bus_writes && bus_lane == n;
      wire [COUPLINGS-1:0] write_slot;
      for (w = 0; w < COUPLINGS; w = w + 1) begin : slots
        assign write_slot[w] = bus_writes && window == WINDOW_SLOTS && bus_row_lane == n && bus_coupling == w;
      end
      lane #(
        .COUPLINGS(COUPLINGS), .CHUNK_BITS(CHUNK_BITS), .ROW_BITS(ROW_BITS), .SITE_BITS(SITE_BITS),
        .STATE_PARTS(STATE_PARTS), .STATE_PART_BITS(STATE_PART_BITS), .STATE_ADDRESS_BITS(STATE_ADDRESS_BITS),
        .TABLE_BITS(TABLE_BITS), .ACCUMULATOR_BITS(ACCUMULATOR_BITS), .SATURATE(SATURATE), .COUNTER_BITS(COUNTER_BITS)
      ) datapath (
        .clk(clk), .chunk_read(lane_chunk_read), .chunk_write(lane_chunk_write), .row_read(lane_row_read),
        .bus_owns(bus_owns), .bus_offset(offset), .bus_row(bus_row[ROW_BITS-1:0]), .bus_word(bus_write_data),
        .write_bias(mine && window == WINDOW_BIASES), .write_field(mine && window == WINDOW_FIELDS),
        .write_sum(mine && window == WINDOW_SUMS), .write_conditional(mine && window == WINDOW_CONDITIONAL_SUMS),
        .write_spin_index(mine && window == WINDOW_SPIN_INDICES), .write_slot(write_slot),
        .write_table(bus_writes && window == WINDOW_TABLE),
        .write_state(write_state), .state_address(state_address), .state_word(state_word),
        .clear(clear), .add(add), .scale(scale), .temper(temper), .sample(sample), .write(write),
        .static_pass(static_pass), .random_start(random_start),
        .factor(multiplier[15:0]), .shift(multiplier[21:16]), .temperature(temperature),
        .table_shift(table_shift[4:0]), .table_last(table_last[15:0]), .draw(draws[16*n +: 16]), .old_state(old_states[n]),
        .retained(retained), .clear_sums(clear_sums), .conditional((flags & FLAG_CONDITIONAL_SUMS) != 0),
        .spin_index(spin_indices[32*n +: 32]), .present(present[n]), .new_state(new_states[n]), .flipped(flipped[n]),
        .saturated(saturated[n]), .bias_word(bias_words[32*n +: 32]), .field_word(field_words[32*n +: 32]),
        .sum_word(sum_words[32*n +: 32]), .conditional_word(conditional_words[32*n +: 32]),
        .slot_words(slot_words[32*COUPLINGS*n +: 32*COUPLINGS]), .table_word(table_words[17*n +: 17])
      );
    end
  endgenerate

  // ---- Counters ---------------------------------------------------------------------------------------------------------------

  function [EVENT_BITS-1:0] ones(input [LANES-1:0] bits);
    integer i;
    begin
      ones = {EVENT_BITS{1'b0}};
      for (i = 0; i < LANES; i = i + 1) ones = ones + {{(EVENT_BITS-1){1'b0}}, bits[i]};
    end
  endfunction

  wire updating = write && !static_pass && !random_start;
  wire [64*(CAUSES+4)-1:0] counters;
  machine_counters #(.CAUSES(CAUSES), .EVENT_BITS(EVENT_BITS)) counted (
    .clk(clk), .clear(rst || clear_counters), .counting(counting), .cause(cause),
    .updates(updating ? ones(present) : {EVENT_BITS{1'b0}}), .flips(updating ? ones(flipped) : {EVENT_BITS{1'b0}}),
    .saturations(ones(saturated)), .values(counters)
  );

  // ---- What is read -------------------------------------------------------------------------------------------------------------

  wire [23:0] cycle_word = read_offset - REGISTER_CYCLES;
  wire [23:0] event_word = read_offset - REGISTER_UPDATES;
  reg [31:0] register_word;
  always @* begin
    case (read_offset)
      REGISTER_ID: register_word = MACHINE_ID;
      REGISTER_VERSION: register_word = MAP_VERSION;
      REGISTER_ENGINE: register_word = ENGINE;
      REGISTER_STATUS: register_word = {31'd0, busy};
      REGISTER_SWEEPS: register_word = sweeps;
      REGISTER_SWEEP_OFFSET: register_word = sweep_offset;
      REGISTER_BURN_IN: register_word = burn_in;
      REGISTER_STRIDE: register_word = stride;
      REGISTER_SEED_LOW: register_word = seed_low;
      REGISTER_SEED_HIGH: register_word = seed_high;
      REGISTER_IMAGE: register_word = image;
      REGISTER_BLOCK_CHAIN: register_word = block_chain;
      REGISTER_START: register_word = start_kind;
      REGISTER_FLAGS: register_word = flags;
      REGISTER_SWEEPS_DONE: register_word = sweeps_done;
      default:
        if (read_offset >= REGISTER_UPDATES && event_word < 24'd6) register_word = counters[(2 * (CAUSES + 1) + event_word) * 32 +: 32];
        else if (read_offset >= REGISTER_CYCLES && cycle_word < 2 * (CAUSES + 1)) register_word = counters[cycle_word * 32 +: 32];
        else register_word = 32'd0;
    endcase
  end

  reg [31:0] header_word;
  always @* begin
    case (read_offset)
      HEADER_TABLE_SHIFT: header_word = table_shift;
      HEADER_TABLE_LAST: header_word = table_last;
      HEADER_COLORS: header_word = colors;
      HEADER_SWEEP_ROW: header_word = sweep_row;
      HEADER_SWEEP_GROUP: header_word = sweep_group;
      HEADER_CHUNKS: header_word = chunks;
      HEADER_SPINS: header_word = spins;
      default: header_word = 32'd0;
    endcase
  end

  always @* begin
    case (read_window)
      WINDOW_REGISTERS: bus_read_data = register_word;
      WINDOW_SPINS: bus_read_data = states_from_offset[31:0];
      WINDOW_BIASES: bus_read_data = bias_words[32*read_lane +: 32];
      WINDOW_FIELDS: bus_read_data = field_words[32*read_lane +: 32];
      WINDOW_SLOTS: bus_read_data = slot_words[32*(COUPLINGS*read_row_lane + read_coupling) +: 32];
      WINDOW_PHASES:
        case (read_offset[23:22])
          PART_PHASES: bus_read_data = phase_word;
          PART_STEPS: bus_read_data = {8'd0, steps};
          PART_MULTIPLIERS: bus_read_data = {10'd0, multiplier};
          default: bus_read_data = header_word;
        endcase
      WINDOW_TABLE: bus_read_data = {15'd0, table_words[16:0]};
      WINDOW_TEMPERATURES: bus_read_data = {15'd0, temperature};
      WINDOW_SUMS: bus_read_data = sum_words[32*read_lane +: 32];
      WINDOW_CONDITIONAL_SUMS: bus_read_data = conditional_words[32*read_lane +: 32];
      WINDOW_GENERATORS: bus_read_data = generator_word;
      WINDOW_SPIN_INDICES: bus_read_data = spin_indices[32*read_lane +: 32];
      default: bus_read_data = 32'd0;
    endcase
  end
endmodule
`;

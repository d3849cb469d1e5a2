/** The top of a convolution engine as a SystemVerilog module: the bus, the registers, the memories, and the units around their control. */

export const convEngineName = 'isinglass_machine';

/**
 * `constants` are the windows, registers, commands and flags of the memory map; `parameters` the sizes of this machine.
 *
 * Memories are read in the cycle of their address, at as many ports as there are adders and samplers: what a tool makes of that is registers and multiplexers, for
 * arrays of this size. A large array would keep states and weights in banks, as many as it reads at once. What they hold before the host writes is not defined.
 */
export const convEngineModule = (
  constants: string,
  parameters: string,
): string => `// A convolution engine behind a bus of 32-bit words.
// Ports: a write takes effect at the end of its cycle; a word that is read is there in the cycle after bus_read. irq is 1 while no
// command is at work, and only then does the bus write.
module ${convEngineName} (
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
  wire writes = bus_write && !busy;
  wire writes_register = bus_write && window == WINDOW_REGISTERS;

  // ---- Registers ----------------------------------------------------------------------------------------------------------

  reg [31:0] sweeps, sweep_offset, burn_in, stride, seed_low, seed_high, image, block_chain, start_kind, flags;
  wire [31:0] sweeps_done;

  wire commanded = writes_register && offset == REGISTER_COMMAND;
  wire start = commanded && !busy && bus_write_data == COMMAND_START;
  wire go_on = commanded && !busy && bus_write_data == COMMAND_CONTINUE;
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
    end else if (writes_register && !busy) begin
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

  // ---- Descriptors: the header, tiles, terms and multipliers of PHASES ----------------------------------------------------

  wire writes_phases = writes && window == WINDOW_PHASES;
  wire in_tiles = offset[23:22] == 2'b01;
  wire in_terms = offset[23:22] == 2'b10;
  wire in_multipliers = offset[23:21] == 3'b111;

  reg [31:0] table_shift, table_last, static_tiles, tile_count, spins_per_sweep, streamed;
  reg [21:0] multipliers [0:(1 << COUPLING_BITS)-1];
  always @(posedge clk) begin
    if (writes_phases) begin
      case (offset)
        HEADER_TABLE_SHIFT: table_shift <= bus_write_data;
        HEADER_TABLE_LAST: table_last <= bus_write_data;
        HEADER_STATIC_TILES: static_tiles <= bus_write_data;
        HEADER_TILES: tile_count <= bus_write_data;
        HEADER_SPINS: spins_per_sweep <= bus_write_data;
        HEADER_STREAMED: streamed <= bus_write_data;
        default: ;
      endcase
      if (in_multipliers) multipliers[offset[COUPLING_BITS-1:0]] <= bus_write_data[21:0];
    end
  end

  wire [TILE_BITS-1:0] bus_tile = offset / TILE_WORDS;
  wire [TERM_BITS-1:0] bus_term = offset / TERM_WORDS;
  wire [31:0] bus_tile_word = offset % TILE_WORDS;
  wire [31:0] bus_term_word = offset % TERM_WORDS;

  // Each word of a tile or term has a memory of its own, so that all are read at once: word w of a record has bits 32w + 31 ... 32w.
  wire [TILE_BITS-1:0] array_tile, sampled_tile, fetched_tile;
  wire [TERM_BITS-1:0] array_term, fetched_term;
  wire [32*TILE_WORDS-1:0] array_tile_words, sampled_tile_words, fetched_tile_words;
  wire [32*TERM_WORDS-1:0] array_term_words, fetched_term_words;
  genvar g;
  generate
    for (g = 0; g < TILE_WORDS; g = g + 1) begin : tiles
      reg [31:0] words [0:(1 << TILE_BITS)-1];
      always @(posedge clk) if (writes_phases && in_tiles && bus_tile_word == g) words[bus_tile] <= bus_write_data;
      assign array_tile_words[32*g +: 32] = words[array_tile];
      assign sampled_tile_words[32*g +: 32] = words[busy ? sampled_tile : bus_tile];
      assign fetched_tile_words[32*g +: 32] = words[fetched_tile];
    end
    for (g = 0; g < TERM_WORDS; g = g + 1) begin : terms
      reg [31:0] words [0:(1 << TERM_BITS)-1];
      always @(posedge clk) if (writes_phases && in_terms && bus_term_word == g) words[bus_term] <= bus_write_data;
      assign array_term_words[32*g +: 32] = words[busy ? array_term : bus_term];
      assign fetched_term_words[32*g +: 32] = words[fetched_term];
    end
  endgenerate

  // ---- Memories: the bus writes at the port of sampler 0 while the machine is idle -----------------------------------------------

  reg states [0:(1 << SITE_BITS)-1];
  reg [31:0] biases [0:(1 << SITE_BITS)-1];
  reg [31:0] fields [0:(1 << SITE_BITS)-1];
  reg [COUNTER_BITS-1:0] sums [0:(1 << SITE_BITS)-1];
  reg [31:0] conditional_sums [0:(1 << SITE_BITS)-1];
  reg [31:0] weights [0:(1 << (WEIGHT_BITS - 2))-1]; // four a word
  reg [SITE_BITS:0] sources [0:(1 << SOURCE_BITS)-1]; // highest bit: the tap falls on padding
  reg [16:0] thresholds [0:(1 << TABLE_BITS)-1];
  reg [16:0] temperatures [0:(1 << TEMPERATURE_BITS)-1];

  always @(posedge clk) begin
    if (writes && window == WINDOW_BIASES) biases[offset[SITE_BITS-1:0]] <= bus_write_data;
    if (writes && window == WINDOW_WEIGHTS) weights[offset[WEIGHT_BITS-3:0]] <= bus_write_data;
    if (writes && window == WINDOW_SOURCES) sources[offset[SOURCE_BITS-1:0]] <= {bus_write_data[31], bus_write_data[SITE_BITS-1:0]};
    if (writes && window == WINDOW_TABLE) thresholds[offset[TABLE_BITS-1:0]] <= bus_write_data[16:0];
    if (writes && window == WINDOW_TEMPERATURES) temperatures[offset[TEMPERATURE_BITS-1:0]] <= bus_write_data[16:0];
  end
  wire [31:0] state_word;
  generate
    for (g = 0; g < 32; g = g + 1) begin : state_bits
      wire [4:0] place = g;
      always @(posedge clk) if (writes && window == WINDOW_SPINS) states[{offset[SITE_BITS-6:0], place}] <= bus_write_data[g];
      assign state_word[g] = states[{offset[SITE_BITS-6:0], place}];
    end
  endgenerate

  // ---- The schedule -----------------------------------------------------------------------------------------------------------

  wire begin_half, working, sampling, static_pass, random_start, retained, clear_sums, counting, seed_busy;
  wire [TILE_BITS-1:0] first_tile;
  wire [TEMPERATURE_BITS-1:0] sweep_of_command;
  wire [3:0] cause;
  wire tile_sampled, adding, scaling, waits_for_weights, active, samples;

  conv_control #(
    .TILE_BITS(TILE_BITS), .TEMPERATURE_BITS(TEMPERATURE_BITS), .FILL_CYCLES(FILL_CYCLES), .WALK_CYCLES(WALK_CYCLES)
  ) control (
    .clk(clk), .rst(rst), .start(start), .go_on(go_on), .stop(stop), .sweeps(sweeps), .burn_in(burn_in), .stride(stride),
    .random(start_kind == START_RANDOM), .use_static_pass((flags & FLAG_STATIC_PASS) != 0),
    .use_clear_sums((flags & FLAG_CLEAR_SUMS) != 0),
    .write_sweeps_done(writes_register && !busy && offset == REGISTER_SWEEPS_DONE), .bus_word(bus_write_data),
    .static_tiles(static_tiles), .tiles(tile_count), .spins(spins_per_sweep), .sweeps_done(sweeps_done), .busy(busy),
    .seed_busy(seed_busy), .begin_half(begin_half), .first_tile(first_tile), .working(working), .sampling(sampling),
    .static_pass(static_pass), .random_start(random_start), .sampled_tile(sampled_tile),
    .sampled_tile_is_last(sampled_tile_words[32*TILE_LAST_OF_BANK]), .tile_sampled(tile_sampled),
    .adding(adding), .scaling(scaling), .waits_for_weights(waits_for_weights), .samples(samples),
    .retained(retained), .clear_sums(clear_sums), .sweep_of_command(sweep_of_command), .counting(counting), .cause(cause)
  );

  // ---- The array --------------------------------------------------------------------------------------------------------------

  wire [31:0] array_coupling = array_term_words[32*TERM_COUPLING +: 32];
  wire [21:0] multiplier = multipliers[array_coupling[COUPLING_BITS-1:0]];
  wire [SOURCE_BITS*TAPS*PIXELS-1:0] source_addresses;
  wire [(SITE_BITS+1)*TAPS*PIXELS-1:0] source_words;
  wire [SITE_BITS*TAPS*PIXELS-1:0] state_addresses;
  wire [TAPS*PIXELS-1:0] input_states;
  wire [WEIGHT_BITS*CHANNELS*TAPS-1:0] weight_addresses;
  wire [ROW_BITS-1:0] weight_row;
  wire [8*CHANNELS*TAPS-1:0] weights_on_chip, weights_fetched;
  wire weights_fetched_here;
  wire is_streamed = ROW_CYCLES != 0 && streamed[0];
  wire [1:0] buffers_full;
  wire array_buffer, group_done, tile_summed;
  wire [32*CHANNELS*PIXELS-1:0] group_fields;
  wire [EVENT_BITS-1:0] saturations, updates, flips;

  conv_array #(
    .CHANNELS(CHANNELS), .TAPS(TAPS), .PIXELS(PIXELS), .TILE_BITS(TILE_BITS), .TERM_BITS(TERM_BITS), .SITE_BITS(SITE_BITS),
    .SOURCE_BITS(SOURCE_BITS), .WEIGHT_BITS(WEIGHT_BITS), .ROW_BITS(ROW_BITS), .ACCUMULATOR_BITS(ACCUMULATOR_BITS),
    .SATURATE(SATURATE), .EVENT_BITS(EVENT_BITS)
  ) array (
    .clk(clk), .begin_half(begin_half), .first_tile(first_tile), .working(working), .tile(array_tile),
    .tile_channels(array_tile_words[32*TILE_CHANNELS +: 32]), .tile_pixels(array_tile_words[32*TILE_PIXELS +: 32]),
    .tile_first_term(array_tile_words[32*TILE_FIRST_TERM +: 32]), .tile_terms(array_tile_words[32*TILE_TERMS +: 32]),
    .tile_is_last(array_tile_words[32*TILE_LAST_OF_BANK]), .term(array_term),
    .steps(array_term_words[32*TERM_STEPS +: 32]), .weight(array_term_words[32*TERM_WEIGHT +: 32]),
    .weights_per_channel(array_term_words[32*TERM_WEIGHTS_PER_CHANNEL +: 32]),
    .weights_per_input(array_term_words[32*TERM_WEIGHTS_PER_INPUT +: 32]), .inputs(array_term_words[32*TERM_INPUTS +: 32]),
    .taps(array_term_words[32*TERM_TAPS +: 32]), .source(array_term_words[32*TERM_SOURCE +: 32]),
    .sites_per_input(array_term_words[32*TERM_SITES_PER_INPUT +: 32]), .sources(array_term_words[32*TERM_SOURCES +: 32]),
    .factor(multiplier[15:0]), .shift(multiplier[21:16]),
    .source_addresses(source_addresses), .source_words(source_words), .state_addresses(state_addresses),
    .states(input_states), .weight_addresses(weight_addresses), .weight_row(weight_row),
    .weights(is_streamed ? weights_fetched : weights_on_chip),
    .buffer(array_buffer), .buffers_full(buffers_full), .weights_here(!is_streamed || weights_fetched_here),
    .adding(adding), .scaling(scaling), .waits_for_weights(waits_for_weights), .group_done(group_done),
    .tile_done(tile_summed), .fields(group_fields), .saturations(saturations)
  );

  generate
    for (g = 0; g < TAPS * PIXELS; g = g + 1) begin : inputs
      assign source_words[(SITE_BITS+1)*g +: SITE_BITS+1] = sources[source_addresses[SOURCE_BITS*g +: SOURCE_BITS]];
      assign input_states[g] = states[state_addresses[SITE_BITS*g +: SITE_BITS]];
    end
    for (g = 0; g < CHANNELS * TAPS; g = g + 1) begin : array_weights
      wire [WEIGHT_BITS-1:0] address = weight_addresses[WEIGHT_BITS*g +: WEIGHT_BITS];
      wire [31:0] four = weights[address[WEIGHT_BITS-1:2]];
      assign weights_on_chip[8*g +: 8] = four[8*address[1:0] +: 8];
    end

    // ---- Weights from outside ---------------------------------------------------------------------------------------------------

    if (ROW_CYCLES != 0) begin : outside
      wire [WEIGHT_BITS*CHANNELS*TAPS-1:0] row_addresses;
      wire [8*CHANNELS*TAPS-1:0] row_weights;
      wire [ROW_BITS-1:0] row;
      wire row_write, fetched_buffer, summed_buffer;
      reg [8*CHANNELS*TAPS-1:0] rows [0:(2 << ROW_BITS)-1];

      conv_fetcher #(
        .CHANNELS(CHANNELS), .TAPS(TAPS), .TILE_BITS(TILE_BITS), .TERM_BITS(TERM_BITS), .WEIGHT_BITS(WEIGHT_BITS),
        .ROW_BITS(ROW_BITS), .ROW_CYCLES(ROW_CYCLES)
      ) fetcher (
        .clk(clk), .begin_half(begin_half), .first_tile(first_tile), .working(working && is_streamed), .tile(fetched_tile),
        .tile_first_term(fetched_tile_words[32*TILE_FIRST_TERM +: 32]), .tile_terms(fetched_tile_words[32*TILE_TERMS +: 32]),
        .tile_is_last(fetched_tile_words[32*TILE_LAST_OF_BANK]), .term(fetched_term),
        .steps(fetched_term_words[32*TERM_STEPS +: 32]), .weight(fetched_term_words[32*TERM_WEIGHT +: 32]),
        .weights_per_channel(fetched_term_words[32*TERM_WEIGHTS_PER_CHANNEL +: 32]),
        .weights_per_input(fetched_term_words[32*TERM_WEIGHTS_PER_INPUT +: 32]), .taps(fetched_term_words[32*TERM_TAPS +: 32]),
        .weight_addresses(row_addresses), .row_write(row_write), .row(row), .buffer(fetched_buffer),
        .tile_done(tile_summed), .weights_here(weights_fetched_here), .array_buffer(summed_buffer)
      );
      for (g = 0; g < CHANNELS * TAPS; g = g + 1) begin : row_bytes
        wire [WEIGHT_BITS-1:0] address = row_addresses[WEIGHT_BITS*g +: WEIGHT_BITS];
        wire [31:0] four = weights[address[WEIGHT_BITS-1:2]];
        assign row_weights[8*g +: 8] = four[8*address[1:0] +: 8];
      end
      always @(posedge clk) if (row_write) rows[{fetched_buffer, row}] <= row_weights;
      assign weights_fetched = rows[{summed_buffer, weight_row}];
    end else begin : on_chip
      assign fetched_tile = {TILE_BITS{1'b0}};
      assign fetched_term = {TERM_BITS{1'b0}};
      assign weights_fetched_here = 1'b1;
      assign weights_fetched = {(8*CHANNELS*TAPS){1'b0}};
    end
  endgenerate

  // ---- The samplers, and what they write ----------------------------------------------------------------------------------------

  wire [SITE_BITS*SAMPLERS-1:0] slots;
  wire [32*SAMPLERS-1:0] spin_indices, held_fields, old_conditional_sums, new_fields, new_conditional_sums;
  wire [SAMPLERS-1:0] old_states, taken, new_states;
  wire [COUNTER_BITS*SAMPLERS-1:0] old_sums, new_sums;
  wire [TABLE_BITS*SAMPLERS-1:0] table_entries;
  wire [17*SAMPLERS-1:0] looked_up;
  wire [16*SAMPLERS-1:0] draws;
  wire draw_start, draws_ready;

  conv_samplers #(
    .CHANNELS(CHANNELS), .PIXELS(PIXELS), .SAMPLERS(SAMPLERS), .CELL_BITS(CELL_BITS), .TILE_BITS(TILE_BITS),
    .SITE_BITS(SITE_BITS), .TABLE_BITS(TABLE_BITS), .COUNTER_BITS(COUNTER_BITS), .DRAWS_TAKE_CYCLES(DRAWS_TAKE_CYCLES),
    .EVENT_BITS(EVENT_BITS)
  ) samplers (
    .clk(clk), .begin_half(begin_half), .first_tile(first_tile), .working(sampling), .static_pass(static_pass),
    .random_start(random_start), .tile(sampled_tile),
    .tile_site(sampled_tile_words[32*TILE_SITE +: 32]), .tile_spin_index(sampled_tile_words[32*TILE_SPIN_INDEX +: 32]),
    .tile_channels(sampled_tile_words[32*TILE_CHANNELS +: 32]), .tile_pixels(sampled_tile_words[32*TILE_PIXELS +: 32]),
    .group_done(group_done), .written_buffer(array_buffer), .written_fields(group_fields), .buffers_full(buffers_full),
    .draw_start(draw_start), .spin_indices(spin_indices), .draws_ready(draws_ready), .draws(draws),
    .slots(slots), .held_fields(held_fields), .old_states(old_states), .old_sums(old_sums),
    .old_conditional_sums(old_conditional_sums), .table_entries(table_entries), .thresholds(looked_up),
    .use_temperature((flags & FLAG_TEMPERATURES) != 0), .temperature(temperatures[sweep_of_command]),
    .table_shift(table_shift[4:0]), .table_last(table_last), .retained(retained), .clear_sums(clear_sums),
    .conditional((flags & FLAG_CONDITIONAL_SUMS) != 0),
    .active(active), .samples(samples), .tile_done(tile_sampled), .taken(taken), .new_states(new_states),
    .new_fields(new_fields), .new_sums(new_sums), .new_conditional_sums(new_conditional_sums), .updates(updates),
    .flips(flips)
  );

  wire keeps_sums = !static_pass && !random_start && (retained || clear_sums);
  generate
    for (g = 0; g < SAMPLERS; g = g + 1) begin : spins
      wire for_bus = g == 0 && !busy;
      wire [SITE_BITS-1:0] slot = slots[SITE_BITS*g +: SITE_BITS];
      wire [SITE_BITS-1:0] place = for_bus ? offset[SITE_BITS-1:0] : slot;
      assign held_fields[32*g +: 32] = static_pass ? biases[slot] : fields[slot];
      assign old_states[g] = states[slot];
      assign old_sums[COUNTER_BITS*g +: COUNTER_BITS] = sums[slot];
      assign old_conditional_sums[32*g +: 32] = conditional_sums[slot];
      assign looked_up[17*g +: 17] = thresholds[table_entries[TABLE_BITS*g +: TABLE_BITS]];

      wire write_field = for_bus ? writes && window == WINDOW_FIELDS : taken[g] && static_pass;
      wire write_sum = for_bus ? writes && window == WINDOW_SUMS : taken[g] && keeps_sums;
      wire write_conditional_sum = for_bus ? writes && window == WINDOW_CONDITIONAL_SUMS : taken[g] && keeps_sums;
      always @(posedge clk) begin
        if (taken[g] && !static_pass) states[slot] <= new_states[g];
        if (write_field) fields[place] <= for_bus ? bus_write_data : new_fields[32*g +: 32];
        if (write_sum) sums[place] <= for_bus ? bus_write_data[COUNTER_BITS-1:0] : new_sums[COUNTER_BITS*g +: COUNTER_BITS];
        if (write_conditional_sum)
          conditional_sums[place] <= for_bus ? bus_write_data : new_conditional_sums[32*g +: 32];
      end
    end
  endgenerate

  wire [31:0] generator_word;
  lane_generators #(.LANES(SAMPLERS)) generators (
    .clk(clk), .seed_start(start), .seed_low(seed_low), .seed_high(seed_high), .image(image), .block_chain(block_chain),
    .sweep_offset(sweep_offset), .seed_busy(seed_busy),
    .write(writes && window == WINDOW_GENERATORS), .address(offset), .write_word(bus_write_data),
    .read_word(generator_word), .draw_start(draw_start), .spin_indices(spin_indices),
    .sweep(random_start ? 32'd0 : sweep_offset + sweeps_done + 32'd1), .draw_taken(samples && !static_pass),
    .ready(draws_ready), .draws(draws)
  );

  // ---- Counters -----------------------------------------------------------------------------------------------------------------

  wire [64*(CAUSES+4)-1:0] counters;
  wire sweeping = counting && !static_pass && !random_start;
  machine_counters #(.CAUSES(CAUSES), .EVENT_BITS(EVENT_BITS)) machine_counters (
    .clk(clk), .clear(rst || clear_counters), .counting(counting), .cause(cause),
    .updates(sweeping ? updates : {EVENT_BITS{1'b0}}), .flips(sweeping ? flips : {EVENT_BITS{1'b0}}),
    .saturations(saturations), .values(counters)
  );

  // ---- What the bus reads ---------------------------------------------------------------------------------------------------------

  // Counter words: cycles from REGISTER_CYCLES on, events from REGISTER_UPDATES on.
  wire [23:0] cycle_word = offset - REGISTER_CYCLES;
  wire [23:0] event_word = offset - REGISTER_UPDATES;
  wire [32*2*(CAUSES+1)-1:0] cycle_words = counters[64*(CAUSES+1)-1:0];
  wire [32*6-1:0] event_words = counters[64*(CAUSES+4)-1 : 64*(CAUSES+1)];
  reg [31:0] register_word;
  always @* begin
    case (offset)
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
        if (offset >= REGISTER_UPDATES && event_word < 24'd6) register_word = event_words[32*event_word[2:0] +: 32];
        else if (offset >= REGISTER_CYCLES && cycle_word < 2 * (CAUSES + 1)) register_word = cycle_words[32*cycle_word[4:0] +: 32];
        else register_word = 32'd0;
    endcase
  end

  reg [31:0] header_word;
  always @* begin
    case (offset)
      HEADER_TABLE_SHIFT: header_word = table_shift;
      HEADER_TABLE_LAST: header_word = table_last;
      HEADER_STATIC_TILES: header_word = static_tiles;
      HEADER_TILES: header_word = tile_count;
      HEADER_SPINS: header_word = spins_per_sweep;
      HEADER_STREAMED: header_word = streamed;
      default: header_word = 32'd0;
    endcase
  end

  wire [SITE_BITS:0] source_read = sources[offset[SOURCE_BITS-1:0]];
  wire [COUNTER_BITS-1:0] sum_read = sums[offset[SITE_BITS-1:0]];
  always @(posedge clk) begin
    if (bus_read) begin
      case (window)
        WINDOW_REGISTERS: bus_read_data <= register_word;
        WINDOW_SPINS: bus_read_data <= state_word;
        WINDOW_BIASES: bus_read_data <= biases[offset[SITE_BITS-1:0]];
        WINDOW_FIELDS: bus_read_data <= fields[offset[SITE_BITS-1:0]];
        WINDOW_WEIGHTS: bus_read_data <= weights[offset[WEIGHT_BITS-3:0]];
        WINDOW_SOURCES: bus_read_data <= {source_read[SITE_BITS], {(31 - SITE_BITS){1'b0}}, source_read[SITE_BITS-1:0]};
        WINDOW_PHASES:
          bus_read_data <= in_tiles ? sampled_tile_words[32*bus_tile_word +: 32] :
            in_terms ? array_term_words[32*bus_term_word +: 32] : in_multipliers ? {10'd0, multipliers[offset[COUPLING_BITS-1:0]]} : header_word;
        WINDOW_TABLE: bus_read_data <= {15'd0, thresholds[offset[TABLE_BITS-1:0]]};
        WINDOW_TEMPERATURES: bus_read_data <= {15'd0, temperatures[offset[TEMPERATURE_BITS-1:0]]};
        WINDOW_SUMS: bus_read_data <= {{(33 - COUNTER_BITS){sum_read[COUNTER_BITS-1]}}, sum_read[COUNTER_BITS-2:0]};
        WINDOW_CONDITIONAL_SUMS: bus_read_data <= conditional_sums[offset[SITE_BITS-1:0]];
        WINDOW_GENERATORS: bus_read_data <= generator_word;
        default: bus_read_data <= 32'd0;
      endcase
    end
  end
endmodule
`;

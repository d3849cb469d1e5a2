// A small p-bit machine, written to exercise simulators: LANES sites are updated at once, each lane with a xoshiro128++ stream and memories of its own.
//
// Sites      chunk · LANES + lane; CHUNKS chunks. A slot {source site, weight} adds its weight where the source is +1 and subtracts it elsewhere.
// Sum        f = bias + Σ over DEGREE slots ± weight
// Decision   s = 1 iff (random word, bits 31 to 16) < TABLE[clamp(f + 256, 0, 511)]
// Cycles     sweeps · (CHUNKS · (DEGREE + 3) + 1): clear, DEGREE additions, look-up, sample; one more at the end of every sweep
//
// Host bus   32-bit words; a read's data are there after the next rising edge. Windows (address bits 31 to 24):
//            0 registers · 1 spins · 2 biases · 4 slots · 6 table · 10 generators; offsets of 2 and 4: lane · 2^12 + index; of 10: lane · 4 + word
module lane_engine #(
    parameter LANES  = 4,
    parameter CHUNKS = 16,
    parameter DEGREE = 8
) (
    input  logic        clk,
    input  logic        rst,
    input  logic [31:0] bus_address,
    input  logic        bus_write,
    input  logic [31:0] bus_write_data,
    input  logic        bus_read,
    output logic [31:0] bus_read_data,
    output logic        irq
);
  localparam SITES = LANES * CHUNKS;
  localparam SITE_BITS = $clog2(SITES);
  localparam SLOT_BITS = $clog2(CHUNKS * DEGREE);

  localparam [2:0] IDLE = 0, CLEAR = 1, ADD = 2, LOOK_UP = 3, SAMPLE = 4, SWEEP_END = 5;

  logic [2:0] state;
  logic [31:0] sweeps;
  logic [31:0] sweep;
  logic [15:0] chunk;
  logic [15:0] slot;
  logic [63:0] cycles;
  logic [31:0] flips;
  logic [SITES-1:0] spins;

  wire [7:0] window = bus_address[31:24];
  wire [23:0] offset = bus_address[23:0];
  wire start = bus_write && window == 8'd0 && offset == 24'd0;

  wire [LANES-1:0] decisions;
  wire [LANES-1:0] changes;
  wire [32*LANES-1:0] generator_words;

  wire [SLOT_BITS-1:0] slot_address = (state == CLEAR) ? chunk * DEGREE : chunk * DEGREE + slot + 1;

  assign irq = state == IDLE;

  genvar g;
  generate
    for (g = 0; g < LANES; g = g + 1) begin : lane
      logic [SITE_BITS+7:0] slots[0:(1<<SLOT_BITS)-1];
      logic signed [15:0] biases[0:CHUNKS-1];
      logic [15:0] thresholds[0:511];
      logic [31:0] s0, s1, s2, s3;
      logic [SITE_BITS+7:0] slot_word;
      logic signed [15:0] bias;
      logic signed [15:0] sum;
      logic [15:0] threshold;

      wire [SITE_BITS-1:0] source = slot_word[SITE_BITS+7:8];
      wire signed [15:0] weight = {{8{slot_word[7]}}, slot_word[7:0]};
      wire signed [16:0] centred = sum + 17'sd256;
      wire [8:0] index = centred < 0 ? 9'd0 : centred > 511 ? 9'd511 : centred[8:0];
      wire [31:0] total = s0 + s3;
      wire [31:0] random = {total[24:0], total[31:25]} + s0;
      wire [31:0] t2 = s2 ^ s0;
      wire [31:0] t3 = s3 ^ s1;

      assign decisions[g] = random[31:16] < threshold;
      assign changes[g] = decisions[g] != spins[chunk * LANES + g];
      assign generator_words[32*g +: 32] =
          offset[1:0] == 0 ? s0 : offset[1:0] == 1 ? s1 : offset[1:0] == 2 ? s2 : s3;

      always_ff @(posedge clk) begin
        slot_word <= slots[slot_address];
        bias <= biases[chunk];
        threshold <= thresholds[$unsigned(index)];
        if (state == CLEAR) sum <= 0;
        if (state == ADD)
          sum <= sum + (slot == 0 ? bias : 16'sd0) + (spins[source] ? weight : -weight);
        if (state == SAMPLE) begin
          s0 <= s0 ^ t3;
          s1 <= s1 ^ t2;
          s2 <= t2 ^ (s1 << 9);
          s3 <= {t3[20:0], t3[31:21]};
        end
        if (bus_write) begin
          if (window == 8'd2 && offset[23:12] == g) biases[offset[$clog2(CHUNKS)-1:0]] <= bus_write_data[15:0];
          if (window == 8'd4 && offset[23:12] == g) slots[offset[SLOT_BITS-1:0]] <= bus_write_data[SITE_BITS+7:0];
          if (window == 8'd6) thresholds[offset[8:0]] <= bus_write_data[15:0];
          if (window == 8'd10 && offset[23:2] == g) begin
            if (offset[1:0] == 0) s0 <= bus_write_data;
            if (offset[1:0] == 1) s1 <= bus_write_data;
            if (offset[1:0] == 2) s2 <= bus_write_data;
            if (offset[1:0] == 3) s3 <= bus_write_data;
          end
        end
      end
    end
  endgenerate

  // How many lanes change.
  logic [15:0] change_count;
  integer i;
  always_comb begin
    change_count = 0;
    for (i = 0; i < LANES; i = i + 1) change_count = change_count + {15'd0, changes[i]};
  end

  always_ff @(posedge clk) begin
    if (rst) begin
      state  <= IDLE;
      sweeps <= 0;
      sweep  <= 0;
      chunk  <= 0;
      slot   <= 0;
      cycles <= 0;
      flips  <= 0;
      spins  <= 0;
    end else begin
      if (state != IDLE) cycles <= cycles + 1;
      case (state)
        CLEAR: begin
          slot  <= 0;
          state <= ADD;
        end
        ADD: begin
          slot <= slot + 1;
          if (slot == DEGREE - 1) state <= LOOK_UP;
        end
        LOOK_UP: state <= SAMPLE;
        SAMPLE: begin
          spins[chunk*LANES +: LANES] <= decisions;
          flips <= flips + {16'd0, change_count};
          chunk <= (chunk == CHUNKS - 1) ? 16'd0 : chunk + 16'd1;
          state <= (chunk == CHUNKS - 1) ? SWEEP_END : CLEAR;
        end
        SWEEP_END: begin
          sweep <= sweep + 1;
          state <= (sweep + 1 == sweeps) ? IDLE : CLEAR;
        end
        default: ;
      endcase
      if (start && bus_write_data != 0) begin
        sweeps <= bus_write_data;
        sweep  <= 0;
        state  <= CLEAR;
      end
      if (bus_write && window == 8'd1) spins[offset[$clog2(SITES)-6:0]*32 +: 32] <= bus_write_data;
    end
  end

  always_ff @(posedge clk) begin
    if (bus_read) begin
      case (window)
        8'd0:
        case (offset[2:0])
          3'd1: bus_read_data <= {31'd0, state != IDLE};
          3'd2: bus_read_data <= cycles[31:0];
          3'd3: bus_read_data <= cycles[63:32];
          3'd4: bus_read_data <= flips;
          default: bus_read_data <= 32'h49534c31;
        endcase
        8'd1: bus_read_data <= spins[offset[$clog2(SITES)-6:0]*32 +: 32];
        8'd10: bus_read_data <= generator_words[offset[$clog2(LANES)+1:2]*32 +: 32];
        default: bus_read_data <= 0;
      endcase
    end
  end
endmodule

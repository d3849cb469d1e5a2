/** The counters of a machine as a SystemVerilog module: cycles, each for one cause, and events. */

export const machineCountersModule = `// Counters of 64 bits: cycles in total, cycles by cause, updates, flips, saturations.
module machine_counters #(
  parameter CAUSES = 10,
  parameter EVENT_BITS = 8
) (
  input  wire clk,
  input  wire clear,
  input  wire counting,
  input  wire [3:0] cause,
  input  wire [EVENT_BITS-1:0] updates,
  input  wire [EVENT_BITS-1:0] flips,
  input  wire [EVENT_BITS-1:0] saturations,
  // Counter n has bits 64n + 63 … 64n: the total, the causes, updates, flips, saturations.
  output wire [64*(CAUSES+4)-1:0] values
);
  wire [EVENT_BITS*(CAUSES+4)-1:0] steps;
  assign steps[0 +: EVENT_BITS] = {{(EVENT_BITS-1){1'b0}}, counting};
  assign steps[EVENT_BITS*(CAUSES+1) +: EVENT_BITS] = updates;
  assign steps[EVENT_BITS*(CAUSES+2) +: EVENT_BITS] = flips;
  assign steps[EVENT_BITS*(CAUSES+3) +: EVENT_BITS] = saturations;

  genvar n;
  generate
    for (n = 0; n < CAUSES; n = n + 1) begin : causes
      assign steps[EVENT_BITS*(n+1) +: EVENT_BITS] = {{(EVENT_BITS-1){1'b0}}, counting && cause == n};
    end
    for (n = 0; n < CAUSES + 4; n = n + 1) begin : counters
      reg [63:0] value = 64'd0;
      always @(posedge clk) begin
        if (clear) value <= 64'd0;
        else value <= value + {{(64-EVENT_BITS){1'b0}}, steps[EVENT_BITS*n +: EVENT_BITS]};
      end
      assign values[64*n +: 64] = value;
    end
  endgenerate
endmodule
`;

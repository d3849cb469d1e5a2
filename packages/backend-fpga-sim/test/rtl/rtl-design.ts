/**
 * SystemVerilog that can be simulated. Its top module has the ports of one host bus of 32-bit words, sampled at rising edges of `clk`:
 *
 *   input  clk, rst
 *   input  [31:0] bus_address, bus_write_data     input  bus_write, bus_read
 *   output [31:0] bus_read_data                   output irq
 *
 * A write takes one cycle with `bus_write` = 1; a read takes one cycle with `bus_read` = 1, and its data are there after that cycle's rising edge. `irq` is a
 * level: 1 while the machine waits for its host. Every simulator begins with two cycles of `rst` = 1.
 */
export interface RtlDesign {
  readonly source: string;
  /** Name of the top module. */
  readonly top: string;
}

/** What a tool said against a design, or a design against its simulation. */
export class RtlError extends Error {
  /** The tool that refused. */
  readonly tool: string;

  constructor(tool: string, message: string) {
    super(`${tool}: ${message}`);
    this.name = 'RtlError';
    this.tool = tool;
  }
}

/** The testbench of a project: a host in SystemVerilog that does what machine-trace.ts does, and compares. */
import { addressOf, type Window } from '../../host/hardware.ts';
import { commands, registerAt } from '../../host/register-map.ts';
import { imagePath, temperaturesPath } from './image-files.ts';
import { type MachineJob, windowText } from './machine-job.ts';
import { counters, type MachineTrace } from './machine-trace.ts';

export const testbenchPath = 'tb/testbench.sv';
export const tracePath = 'expected/trace.txt';
/** Lines as they were printed, to compare with another tool. */
export const printedPath = 'build/trace.txt';

export interface TestbenchOptions {
  readonly job: MachineJob;
  readonly trace: Pick<MachineTrace, 'commandCyclesMax'>;
  /** Name of the machine's module. */
  readonly top: string;
}

/** Icarus Verilog 11 and Verilator 5.006 take it, and newer ones. */
export function testbench({ job, trace, top }: TestbenchOptions): string {
  const tempered = job.temperatures !== null;
  return `${head}
module testbench;
  // ---- What is run: with other values the lines are others than those of ${tracePath} ----------------------------

  localparam SWEEPS = ${job.sweeps};
${Object.entries(job.registers)
  .map(([name, value]) => `  localparam [31:0] RUN_${name} = 32'h${hex(value)};`)
  .join('\n')}

  // ---- The machine's map: word addresses, 8 bits of window and 24 of offset -------------------------------------------

${registerConstants(['COMMAND', 'SWEEPS', ...Object.keys(job.registers), ...counters])}
${windowConstants(['spins', 'sums', ...(job.conditionalSums ? (['conditionalSums'] as const) : []), ...(tempered ? (['temperatures'] as const) : [])])}
  localparam [31:0] COMMAND_START = 32'd${commands.start};
  localparam [31:0] COMMAND_CONTINUE = 32'd${commands.continue};

  localparam SPIN_WORDS = ${job.spinWords}; // of SPINS that the block uses
  localparam IMAGE_WORDS = ${job.images.reduce((most, { words }) => Math.max(most, words.length), 1)}; // of the largest memory image
  localparam CYCLES_MAX = ${2 * trace.commandCyclesMax + 1_000_000}; // of one command: twice what it should take, and room for the seeding

${machine(top)}
${busTasks}
${comparison}
  // ---- The run ------------------------------------------------------------------------------------------------------

  integer t;
  integer slot;
${tempered ? '  reg [31:0] temperatures [0:SWEEPS-1];\n' : ''}
  initial begin
    expected = $fopen("${tracePath}", "r");
    if (expected == 0) $fatal(1, "${tracePath} cannot be read: run this from the folder that README.md is in");
    printed = $fopen("${printedPath}", "w");

    rst = 1;
    cycle;
    cycle;
    rst = 0;
    #1;

    // Memories.
${loads(job)}

    // Registers.
${Object.keys(job.registers)
  .map((name) => `    write_word(REGISTER_${name}, RUN_${name});`)
  .join('\n')}

    // The initial state, then sweep by sweep.
    for (t = 0; t <= SWEEPS; t = t + 1) begin
${tempered ? '      if (t > 0) write_word(WINDOW_TEMPERATURES, temperatures[t-1]);\n' : ''}      write_word(REGISTER_SWEEPS, t == 0 ? 32'd0 : 32'd1);
      write_word(REGISTER_COMMAND, t == 0 ? COMMAND_START : COMMAND_CONTINUE);
      wait_until_idle;
      hash_spins;
      read_counter(REGISTER_CYCLES);
      $sformat(line, "sweep %0d spins %08h cycles %0d\\n", t, hash, counter);
      check_line;
    end

    // Sums over retained sweeps, by update slot.
${sums(job, 'sum', 'SUMS')}
${job.conditionalSums ? `${sums(job, 'conditional-sum', 'CONDITIONAL_SUMS')}\n` : ''}
    // Cycles by cause, and events.
${counters
  .map(
    (name) =>
      `    read_counter(REGISTER_${name});\n    $sformat(line, "counter ${name} %0d\\n", counter);\n    check_line;`,
  )
  .join('\n')}

    if ($fgets(wanted, expected) != 0) begin
      differences = differences + 1;
      $display("  expected more lines: %0s", wanted);
    end
    if (printed != 0) $fclose(printed);
    if (differences != 0) begin
      $display("FAIL: %0d lines differ from ${tracePath}", differences);
      $fatal(1, "FAIL");
    end
    $display("PASS: %0d lines as in ${tracePath}", lines);
    $finish;
  end
endmodule
`;
}

const head = `// A host of the machine: writes memory images and registers over the bus, starts, and prints what it sees after every sweep, the
// sums, and all counters. Every line is compared with the same line of ${tracePath}, which the emulator of the machine wrote.
// Ends with PASS, or with FAIL and an exit status that is not 0.
\`timescale 1ns / 1ns`;

const hex = (word: number): string => word.toString(16).padStart(8, '0');

const registerConstants = (names: readonly string[]): string =>
  names
    .map((name) => `  localparam [31:0] REGISTER_${name} = 32'h${hex(addressOf('registers', registerAt(name)))};`)
    .join('\n');

const windowConstants = (windows: readonly Window[]): string =>
  windows.map((name) => `  localparam [31:0] WINDOW_${windowText(name)} = 32'h${hex(addressOf(name))};`).join('\n');

const machine = (top: string): string => `  reg clk = 0;
  reg rst = 0;
  reg [31:0] bus_address = 0;
  reg [31:0] bus_write_data = 0;
  reg bus_write = 0;
  reg bus_read = 0;
  wire [31:0] bus_read_data;
  wire irq;

  ${top} machine (
      .clk(clk),
      .rst(rst),
      .bus_address(bus_address),
      .bus_write_data(bus_write_data),
      .bus_write(bus_write),
      .bus_read_data(bus_read_data),
      .bus_read(bus_read),
      .irq(irq)
  );
`;

const busTasks = `  // ---- The bus --------------------------------------------------------------------------------------------------------

  reg [31:0] word; // what was read
  reg [31:0] image [0:IMAGE_WORDS-1];
  integer n;

  // Inputs change while the clock is low.
  task cycle;
    begin
      #1 clk = 1;
      #1 clk = 0;
    end
  endtask

  task write_word(input [31:0] address, input [31:0] value);
    begin
      bus_address = address;
      bus_write_data = value;
      bus_write = 1;
      cycle;
      bus_write = 0;
    end
  endtask

  task read_word(input [31:0] address);
    begin
      bus_address = address;
      bus_read = 1;
      cycle;
      bus_read = 0;
      #1 word = bus_read_data;
    end
  endtask

  // The first words of \`image\`, to consecutive addresses.
  task write_image(input [31:0] address, input integer count);
    for (n = 0; n < count; n = n + 1) write_word(address + n, image[n]);
  endtask

  task wait_until_idle;
    begin
      n = 0;
      #1;
      while (irq !== 1'b1 && n < CYCLES_MAX) begin
        cycle;
        n = n + 1;
        #1;
      end
      if (irq !== 1'b1) $fatal(1, "FAIL: the machine is at work after %0d cycles", n);
    end
  endtask

  reg [63:0] counter;
  task read_counter(input [31:0] address);
    begin
      read_word(address);
      counter[31:0] = word;
      read_word(address + 1);
      counter[63:32] = word;
    end
  endtask

  // FNV-1a, 32 bits, of the bytes of SPINS.
  reg [31:0] hash;
  task hash_spins;
    begin
      hash = 32'h811c9dc5;
      for (n = 0; n < SPIN_WORDS; n = n + 1) begin
        read_word(WINDOW_SPINS + n);
        hash = (hash ^ {24'd0, word[7:0]}) * 32'h01000193;
        hash = (hash ^ {24'd0, word[15:8]}) * 32'h01000193;
        hash = (hash ^ {24'd0, word[23:16]}) * 32'h01000193;
        hash = (hash ^ {24'd0, word[31:24]}) * 32'h01000193;
      end
    end
  endtask
`;

const comparison = `  // ---- Lines, with their newline, as they are and as they should be ---------------------------------------------------

  localparam LINE_BITS = 8 * 96;
  reg [LINE_BITS-1:0] line;
  reg [LINE_BITS-1:0] wanted;
  integer expected;
  integer printed;
  integer lines = 0;
  integer differences = 0;

  task check_line;
    begin
      $write("%0s", line);
      if (printed != 0) $fwrite(printed, "%0s", line);
      lines = lines + 1;
      wanted = 0;
      if ($fgets(wanted, expected) == 0) wanted = "nothing\\n";
      if (line !== wanted) begin
        differences = differences + 1;
        if (differences <= 10) $write("  differs, expected: %0s", wanted);
      end
    end
  endtask
`;

function loads({ images, temperatures }: MachineJob): string {
  const lines = images.flatMap((image) => [
    `    $readmemh("${imagePath(image)}", image, 0, ${image.words.length - 1});`,
    `    write_image(32'h${hex(addressOf(image.window, image.offset))}, ${image.words.length});`,
  ]);
  if (temperatures !== null) lines.push(`    $readmemh("${temperaturesPath}", temperatures, 0, SWEEPS-1);`);
  return lines.join('\n');
}

const sums = ({ slots }: MachineJob, name: string, window: string): string =>
  slots
    .map(
      ([begin, end]) => `    for (slot = ${begin}; slot < ${end}; slot = slot + 1) begin
      read_word(WINDOW_${window} + slot);
      $sformat(line, "${name} %0d %0d\\n", slot, $signed(word));
      check_line;
    end`,
    )
    .join('\n');

// The host bus of a design (rtl-design.ts) as lines of text, for Icarus Verilog; the macro DUT names the design. What testbench.cc says of the lines holds.
`timescale 1ns / 1ns
module testbench;
  localparam STDIN = 32'h8000_0000;

  reg clk = 0;
  reg rst = 1;
  reg [31:0] bus_address = 0;
  reg [31:0] bus_write_data = 0;
  reg bus_write = 0;
  reg bus_read = 0;
  wire [31:0] bus_read_data;
  wire irq;

  `DUT dut (
      .clk(clk),
      .rst(rst),
      .bus_address(bus_address),
      .bus_write(bus_write),
      .bus_write_data(bus_write_data),
      .bus_read(bus_read),
      .bus_read_data(bus_read_data),
      .irq(irq)
  );

  reg [63:0] cycles = 0;
  reg [7:0] command;
  reg [31:0] first;
  reg [31:0] second;
  reg [31:0] word;
  reg [31:0] n;
  integer taken;

  task cycle;
    begin
      #1 clk = 1;
      #1 clk = 0;
      #1 cycles = cycles + 1;
    end
  endtask

  initial begin
    cycle;
    cycle;
    rst = 0;
    #1;
    while ($fscanf(STDIN, " %c %h %h", command, first, second) == 3) begin
      if (command == "g") begin
        for (n = 0; n < first && irq !== 1; n = n + 1) cycle;
      end else begin
        for (n = 0; n < second; n = n + 1) begin
          bus_address = first + n;
          if (command == "w") begin
            taken = $fscanf(STDIN, "%h", word);
            bus_write = 1;
            bus_write_data = word;
          end else begin
            bus_read = 1;
          end
          cycle;
          if (command == "r") $write("%0h ", bus_read_data);
        end
        bus_write = 0;
        bus_read = 0;
        #1;
      end
      $write("%0h %0h\n", cycles, irq);
      $fflush;
    end
    $finish;
  end
endmodule

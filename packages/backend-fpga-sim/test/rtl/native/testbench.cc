// The host bus of a design (rtl-design.ts) as lines of text, for Verilator. Compiled with the model that it wrote, whose class is called Vdut.
//
// Asked, in hexadecimal:   w ADDRESS COUNT WORD...   r ADDRESS COUNT   g CYCLES_MAX 0
// Answered, one line each: WORD... CYCLES IRQ        words where they were asked for; x where a word is not known
#include <cinttypes>
#include <cstdio>

#include "Vdut.h"
#include "verilated.h"

double sc_time_stamp() { return 0; }

namespace {
Vdut dut;
uint64_t cycle_count;

// Inputs have changed while the clock is low, or may have.
void cycle() {
  dut.eval();
  dut.clk = 1;
  dut.eval();
  dut.clk = 0;
  dut.eval();
  cycle_count++;
}
}  // namespace

int main() {
  dut.clk = dut.bus_write = dut.bus_read = 0;
  dut.rst = 1;
  cycle();
  cycle();
  dut.rst = 0;
  dut.eval();
  char command;
  uint32_t first, second;
  while (std::scanf(" %c %" SCNx32 " %" SCNx32, &command, &first, &second) == 3) {
    if (command == 'g') {
      for (uint32_t n = 0; n < first && !dut.irq; n++) cycle();
    } else {
      for (uint32_t n = 0; n < second; n++) {
        dut.bus_address = first + n;
        if (command == 'w') {
          uint32_t word = 0;
          if (std::scanf("%" SCNx32, &word) != 1) return 1;
          dut.bus_write = 1;
          dut.bus_write_data = word;
        } else {
          dut.bus_read = 1;
        }
        cycle();
        if (command == 'r') std::printf("%" PRIx32 " ", uint32_t(dut.bus_read_data));
      }
      dut.bus_write = dut.bus_read = 0;
      dut.eval();
    }
    std::printf("%" PRIx64 " %x\n", cycle_count, unsigned(dut.irq));
    std::fflush(stdout);
  }
  dut.final();
  return 0;
}

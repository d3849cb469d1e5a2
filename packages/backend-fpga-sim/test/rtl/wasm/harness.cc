// The host bus of a design (rtl-design.ts) behind exported functions. Compiled with the design that CXXRTL wrote, whose top module is called dut.
//
// Between calls and between cycles the clock is low and everything has settled. A cycle raises the clock and lowers it: the second evaluation is what brings
// the registers' new values to the outputs.
#include <cstdint>

// What CXXRTL asserts of a design, an index beyond a memory among them, ends the simulation with words.
extern "C" __attribute__((import_module("host"), import_name("violation"))) [[noreturn]] void violation(const char *what);
#define CXXRTL_ASSERT(condition) ((condition) ? (void)0 : violation(#condition))

#include "design.cc"

namespace {
constexpr uint32_t buffer_words = 1 << 16;
cxxrtl_design::p_dut dut;
uint32_t buffer[buffer_words];
uint64_t cycle_count;

void cycle() {
  dut.p_clk.set<uint32_t>(1);
  dut.step();
  dut.p_clk.set<uint32_t>(0);
  dut.step();
  cycle_count++;
}

// Inputs have changed while the clock is low.
void settle() { dut.step(); }
}  // namespace

extern "C" {
__attribute__((export_name("buffer"))) uint32_t *words() { return buffer; }
__attribute__((export_name("bufferWords"))) uint32_t words_max() { return buffer_words; }
__attribute__((export_name("cyclesLow"))) uint32_t cycles_low() { return uint32_t(cycle_count); }
__attribute__((export_name("cyclesHigh"))) uint32_t cycles_high() { return uint32_t(cycle_count >> 32); }

__attribute__((export_name("reset"))) void reset() {
  dut.p_rst.set<uint32_t>(1);
  settle();
  cycle();
  cycle();
  dut.p_rst.set<uint32_t>(0);
  settle();
}

__attribute__((export_name("write"))) void write_words(uint32_t address, uint32_t count) {
  dut.p_bus__write.set<uint32_t>(1);
  for (uint32_t i = 0; i < count; i++) {
    dut.p_bus__address.set<uint32_t>(address + i);
    dut.p_bus__write__data.set<uint32_t>(buffer[i]);
    settle();
    cycle();
  }
  dut.p_bus__write.set<uint32_t>(0);
  settle();
}

__attribute__((export_name("read"))) void read_words(uint32_t address, uint32_t count) {
  dut.p_bus__read.set<uint32_t>(1);
  for (uint32_t i = 0; i < count; i++) {
    dut.p_bus__address.set<uint32_t>(address + i);
    settle();
    cycle();
    buffer[i] = dut.p_bus__read__data.get<uint32_t>();
  }
  dut.p_bus__read.set<uint32_t>(0);
  settle();
}

// 1 if irq is 1 in the end.
__attribute__((export_name("run"))) uint32_t run(uint32_t cycles_max) {
  for (uint32_t n = 0; n < cycles_max && !dut.p_irq.get<uint32_t>(); n++) cycle();
  return dut.p_irq.get<uint32_t>();
}
}

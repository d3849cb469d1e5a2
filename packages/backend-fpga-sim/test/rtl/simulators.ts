/** Every simulator that generated SystemVerilog is tested with. */
import { icarus } from './native/icarus.ts';
import { verilator } from './native/verilator.ts';
import type { RtlSimulator } from './rtl-simulator.ts';
import { cxxrtl } from './wasm/cxxrtl.ts';

export const simulators: readonly RtlSimulator[] = [cxxrtl, verilator, icarus];

/** Every simulator that the tests of generated SystemVerilog know. */
import type { RtlSimulator } from './rtl-simulator.ts';
import { cxxrtl } from './wasm/cxxrtl.ts';

export const simulators: readonly RtlSimulator[] = [cxxrtl];

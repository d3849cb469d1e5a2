/** The Makefile of a project. */
import { testbenchPath } from './testbench.ts';

export interface MakefileOptions {
  readonly modules: readonly string[];
  readonly top: string;
  /** Parts that Yosys synthesizes for, by the ending of its command. */
  readonly families: readonly string[];
}

export const makefile = ({
  modules,
  top,
  families,
}: MakefileOptions): string => `# Simulates and synthesizes the machine; README.md says more.
RTL = ${modules.join(' ')}
TESTBENCH = ${testbenchPath}
TOP = ${top}

IVERILOG = iverilog
VVP = vvp
VERILATOR = verilator
YOSYS = yosys

.PHONY: help icarus verilator yosys clean

help:
	@echo 'make icarus     simulate with Icarus Verilog'
	@echo 'make verilator  simulate with Verilator: longer to build, much faster to run'
	@echo 'make yosys      count the cells that the machine takes on ${families.join(', ')}'
	@echo 'make clean      remove what these made'

icarus: build/icarus.vvp
	$(VVP) -n build/icarus.vvp

verilator: build/verilator/testbench
	build/verilator/testbench

yosys: ${families.map((target) => `build/${target}.txt`).join(' ')}

build/icarus.vvp: $(RTL) $(TESTBENCH) | build
	$(IVERILOG) -g2012 -s testbench -o $@ $(RTL) $(TESTBENCH)

# Widths are meant; what newer versions warn of is no reason to stop.
build/verilator/testbench: $(RTL) $(TESTBENCH) | build
	$(VERILATOR) --binary --timing -O3 -Wno-WIDTH -Wno-fatal --top-module testbench --Mdir build/verilator -o testbench $(RTL) $(TESTBENCH)

build/%.txt: $(RTL) | build
	$(YOSYS) -q -p 'read_verilog -sv $(RTL); synth_$* -top $(TOP); tee -q -o $@ stat'
	@cat $@

build:
	mkdir -p build

clean:
	rm -rf build
`;

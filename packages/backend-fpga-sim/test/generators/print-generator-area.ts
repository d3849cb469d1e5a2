/**
 * `node packages/backend-fpga-sim/test/generators/print-generator-area.ts`: what the generated module of one lane takes on a Xilinx UltraScale+ device, as Yosys counts cells; a few minutes. The
 * catalogue holds these figures.
 */
import { generatorEntry } from '../../src/generators/catalogue.ts';
import { philoxModule, philoxModuleName } from '../../src/rtl/generators/philox-module.ts';
import { seederModule, seederModuleName } from '../../src/rtl/generators/seeder-module.ts';
import { streamKinds, streamModule, streamModuleName } from '../../src/rtl/generators/stream-module.ts';
import { runTool } from '../rtl/wasm/tool-process.ts';

/** No buffers of pins and clocks: a lane lies inside a machine. Only plain LUTs, which is how areas are compared. */
const synthesis = 'synth_xilinx -family xcup -noiopad -noclkbuf -nowidelut';

async function areaText(source: string, top: string): Promise<string> {
  const cells = await runTool({ kind: 'cells', source, top, synthesis });
  const count = (name: RegExp) =>
    Object.entries(cells).reduce((sum, [cell, times]) => sum + (name.test(cell) ? times : 0), 0);
  return JSON.stringify({ luts: count(/^LUT/), flipFlops: count(/^FD/), multipliers: count(/^DSP/) });
}

const print = (name: string, area: string, catalogue: unknown): void =>
  console.log(
    `${name.padEnd(18)} ${area}${catalogue === undefined ? '' : `   catalogue: ${JSON.stringify(catalogue)}`}`,
  );

print('philox', await areaText(philoxModule, philoxModuleName), generatorEntry('philox').area);
for (const kind of streamKinds) {
  print(kind, await areaText(streamModule(kind), streamModuleName(kind)), generatorEntry(kind).area);
}
print('(seeder)', await areaText(seederModule, seederModuleName), undefined);

/** The README of a project: for a person who opens it and has neither this package nor its documents at hand. */
import { type Program, spinCountOf } from '@isinglass/sdk';
import { generatorEntry } from '../../generators/catalogue.ts';
import { windows } from '../../host/hardware.ts';
import { registers } from '../../host/register-map.ts';
import type { EngineParameters } from '../../parameters/engine-parameters.ts';
import { determinismOf } from '../../parameters/machine-profile.ts';
import { imagePath, temperaturesPath } from './image-files.ts';
import { type MachineJob, windowText } from './machine-job.ts';
import type { MachineTrace } from './machine-trace.ts';
import type { ModuleFile } from './module-files.ts';
import { parameterTexts } from './parameters-text.ts';
import type { ProjectEngine } from './project-engine.ts';
import type { RtlTarget } from './rtl-target.ts';
import { printedPath, testbenchPath, tracePath } from './testbench.ts';

export interface ProjectReadmeOptions {
  readonly program: Program;
  readonly target: RtlTarget;
  readonly parameters: EngineParameters;
  readonly engine: ProjectEngine;
  readonly modules: readonly ModuleFile[];
  readonly job: MachineJob;
  readonly trace: MachineTrace;
}

export const projectReadme = (o: ProjectReadmeOptions): string =>
  [
    title(o),
    theMachine(o),
    theRun(o),
    howToRun(o),
    output(o),
    files(o),
    bus,
    theRegisters,
    theMemories(o),
    theBanks(o),
    ownMachine(o),
    limits(o),
  ]
    .map((part) => part.trim())
    .join('\n\n')
    .concat('\n');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

const code = (text: string): string => `\`${text}\``;
const digits = (n: number): string => n.toLocaleString('en-US');

const kinds = { lane: 'lane engine', conv: 'convolution engine' } as const;

const title = ({ program, target: { engine, block } }: ProjectReadmeOptions): string => `
# ${program.json.name}, block ${block.id}, on a ${kinds[engine]} in SystemVerilog

An Ising machine, a problem for it, and what it should answer. The machine samples the spins of a block by Gibbs updates; \`make\` simulates it and compares every state, every sum and every cycle with the emulator that this project was written by.`;

function theMachine({ target, parameters, engine }: ProjectReadmeOptions): string {
  const rows = parameterTexts(target.device, parameters).map(({ name, value, text }) => [code(name), value, text]);
  const generator = generatorEntry(parameters.generator);
  const promise = {
    exact: 'What it computes is the fixed law, bit for bit: any exact device of Isinglass gives the same sums.',
    repeatable: 'The same seed gives the same bits on every copy of this machine; other machines draw other numbers.',
    statistical: 'Its probabilities are near those of the law, not equal to them.',
  }[determinismOf(parameters) as 'exact' | 'repeatable' | 'statistical'];
  return `
## The machine

${engine.text}

${promise}${generator.verdict === 'biased' ? ` **Its random numbers are of a kind that is known to be biased**: ${generator.text}.` : ''}

Its name as a device of Isinglass is

    ${target.device}

${table(['parameter', 'value', 'what'], rows)}`;
}

function theRun({ program, target: { block }, job }: ProjectReadmeOptions): string {
  const { registers: set } = job;
  const free = block.banks.reduce((sum, bank) => sum + (bank.role === 'free' ? spinCountOf(bank) : 0), 0);
  const pinned = block.banks.reduce((sum, bank) => sum + (bank.role === 'pinned' ? spinCountOf(bank) : 0), 0);
  const seed = (BigInt(set.SEED_HIGH ?? 0) << 32n) | BigInt(set.SEED_LOW ?? 0);
  const rows = [
    ['program', `${program.json.name}, hash ${code(program.hash)}`],
    [
      'block',
      `${block.id}, index ${block.index}: ${digits(free)} spins that are updated, ${digits(pinned)} pinned ones`,
    ],
    [
      'sweeps',
      `${job.sweeps}; the first ${set.BURN_IN} are discarded, then every ${ordinal(set.STRIDE ?? 1)} is retained`,
    ],
    ['start', set.START === 1 ? 'random' : 'the states of SPINS as they are written'],
    ['temperatures', job.temperatures === null ? 'constant' : `one for each sweep: ${code(temperaturesPath)}`],
    ['seed, image, chain', `${seed}, ${set.IMAGE}, ${(set.BLOCK_CHAIN ?? 0) & 0xff_ffff}`],
  ];
  return `
## The run

${table(['what', 'value'], rows)}

What a spin is pinned to and what a program makes of the sums is the business of a host; here the testbench is the host, and the memory images are what it writes.`;
}

const ordinal = (n: number): string => (n === 1 ? 'sweep' : `${n}${n === 2 ? 'nd' : n === 3 ? 'rd' : 'th'} sweep`);

const howToRun = ({ job, trace, engine }: ProjectReadmeOptions): string => `
## Run it

With [Icarus Verilog](https://steveicarus.github.io/iverilog/), version 11 or newer:

\`\`\`sh
make icarus
\`\`\`

With [Verilator](https://www.veripool.org/verilator/), version 5.006 or newer, and a compiler of C++20:

\`\`\`sh
make verilator
\`\`\`

What the machine takes on parts of ${engine.families.join(', ')}, counted by [Yosys](https://yosyshq.net/yosys/), version 0.55 or newer:

\`\`\`sh
make yosys
\`\`\`

\`\`\`sh
make clean
\`\`\`

Loading the images takes ${digits(job.images.reduce((sum, { words }) => sum + words.length, 0))} cycles, the run ${digits(trace.cycles)}. Icarus simulates some 10⁴ cycles a second, Verilator some 10⁶.`;

function output({ job }: ProjectReadmeOptions): string {
  const rows = [
    [
      code('sweep T spins HASH cycles N'),
      'the states after sweep T (0: the initial ones) as the FNV-1a hash, 32 bits, of the words of SPINS, lowest byte first; and the cycles so far',
    ],
    [code('sum SLOT S'), 'Σ of the states of an update slot over the retained sweeps'],
    ...(job.conditionalSums
      ? [[code('conditional-sum SLOT S'), 'Σ of 65536 · (mean of the spin, given all others) over the retained sweeps']]
      : []),
    [
      code('counter NAME N'),
      'a counter of the machine; every cycle has one cause, so that those of the causes add up to CYCLES',
    ],
  ];
  return `
## What it prints

${table(['line', 'means'], rows)}

The last line is \`PASS\`, or \`FAIL\` with how many lines differ from [${tracePath}](${tracePath}); then the exit status is not 0. The first ten that differ are shown with what was expected; \`diff ${tracePath} ${printedPath}\` shows all.`;
}

function files({ modules, job }: ProjectReadmeOptions): string {
  const rows = [
    ...modules.map(({ path, title: text }) => [path, text]),
    [testbenchPath, 'the host: loads the images over the bus, runs sweep by sweep, compares'],
    ...job.images.map((image) => [
      imagePath(image),
      `${digits(image.words.length)} words of ${windowText(image.window)}${image.offset === 0 ? '' : ` from 0x${image.offset.toString(16)} on`}`,
    ]),
    ...(job.temperatures === null ? [] : [[temperaturesPath, 'the temperature of each sweep']]),
    [tracePath, 'what the emulator saw in the same run'],
    ['Makefile', 'simulation and synthesis'],
  ];
  return `
## Files

${table(
  ['file', 'what'],
  rows.map(([path = '', text = '']) => [`[${path}](${path})`, text]),
)}

Images are text for \`$readmemh\`: comments say what the words mean, and end lines with the number of their first word. Modules are plain: no vendor's primitives, no includes.`;
}

const bus = `
## The bus

\`isinglass_machine\` has one clock, a synchronous reset and a port of 32-bit words. A word address is 8 bits of window and 24 bits of offset.

${table(
  ['port', 'what'],
  [
    ['`clk`, `rst`', 'everything happens at rising edges; two cycles of reset begin'],
    ['`bus_write`, `bus_address`, `bus_write_data`', 'a write takes effect at the end of its cycle'],
    [
      '`bus_read`, `bus_address`, `bus_read_data`',
      'a word that is read is there in the cycle after, until the next read',
    ],
    ['`irq`', '1 while no command is at work'],
  ],
)}

Memories have one port each: while a command is at work (bit 0 of STATUS, \`irq\` 0) the host may read registers and write COMMAND, and nothing else.`;

const theRegisters = `
## Registers

Window 0. Counters have 64 bits, the low word first; reading does not clear them.

${table(
  ['register', 'word', 'words', 'access', 'what'],
  registers.map(({ name, offset, words, access, text }) => [code(name), String(offset), String(words), access, text]),
)}`;

const windowNumbers = new Map(
  Object.entries(windows).map(([name, number]) => [windowText(name as keyof typeof windows), number]),
);

const theMemories = ({ engine }: ProjectReadmeOptions): string => `
## Memories

${table(
  ['memory', 'window', 'word', 'bits', 'what'],
  engine.bitFields.map(({ window, words, bits: [high, low], text }) => [
    code(window),
    String(windowNumbers.get(window)),
    words,
    high === low ? String(high) : `${high} … ${low}`,
    text,
  ]),
)}

“Semantics” is docs/semantics.md of Isinglass, which says the arithmetic of the fixed law to the bit: \`scaled(A) = (A · M + half) >> sh\`, fields of 32 bits in units of 2^−k, a spin is +1 exactly where a random number of 16 bits is below its threshold T.`;

function theBanks({ target: { block }, job }: ProjectReadmeOptions): string {
  const rows = block.banks.map((bank) => {
    const where = bank.role === 'free' ? job.placed.slotsOf(bank.id) : undefined;
    const colors = bank.role === 'pinned' ? '' : bank.colorMap === undefined ? String(bank.color) : 'one for each spin';
    return [
      bank.id,
      bank.role,
      bank.shape.join(' × '),
      colors,
      where === undefined ? '' : `${where.first} … ${where.first + where.count - 1}`,
    ];
  });
  return `
## Where the spins are

${table(['bank', 'role', 'shape', 'color', 'update slots'], rows)}

${job.images.some(({ window }) => window === 'spinIndices') ? 'images/spin-indices.hex has the number of the spin of every slot, counted over all banks in this order.' : 'A bank has its spins side by side, in order.'} Sites of SPINS have the numbers of update slots; pinned spins have the sites after those.`;
}

const ownMachine = ({ target: { engine } }: ProjectReadmeOptions): string => `
## Make a machine of your own

- **Other parameters**: write the project again with \`--device\` and another URI, such as the one above with other numbers. Sizes and memory images go together, so that a number changed in \`rtl/isinglass_machine.sv\` alone does not fit the images any more.
- **Another problem, input, seed or number of sweeps**: write it again with another program, \`--block\`, \`--images\`, \`--seed\` or \`--sweeps\`. The values at the top of \`${testbenchPath}\` may be changed by hand; then the lines are others than those of \`${tracePath}\`, as they should be.
- **Another circuit with the same answers**: change a module, such as ${engine === 'lane' ? '`rtl/lane.sv`' : '`rtl/conv_array.sv`'}, and keep its ports; \`PASS\` says that states, sums and cycles are still the same. A change that takes more or fewer cycles differs in the lines of cycles alone.
- **A board**: put \`isinglass_machine\` behind the bus of your processor (AXI-Lite: one write or read a transaction); the testbench is the host program to begin with: images, registers, COMMAND, wait for \`irq\`, read.
- \`isinglass rtl\` writes a folder anew only while every file in it is as it was written, by the hashes in \`isinglass-rtl.json\`: what you have changed stays.`;

const limits = ({ parameters, engine }: ProjectReadmeOptions): string => `
## What this is not

- No closed timing. Nothing here was placed and routed: ${digits(parameters.clockHz / 1e6)} MHz is the clock of the emulator's estimates, not a result. The longest paths are a sum of couplings and a product of 32 × 16 bits in one cycle, without registers inside.
- Cells that Yosys counts are an upper bound; vendors' tools pack better. ${engine.area}
- Verified by simulation against the emulator, on random machines and programs and in this run; not formally, not on a board.
- One row: one image and one chain. A host with several runs them one after the other (\`SWEEPS_DONE\`, \`GENERATORS\`, \`FIELDS\` and sums can be read and written back).
- \`io\`, the time of the link between host and machine, is no counter of the machine.`;

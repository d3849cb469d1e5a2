/** One lane's stream as a SystemVerilog module: state words that the bus writes, 16 bits that are ready at once, one step on `step`. */
import type { GeneratorKind } from '../../generators/catalogue.ts';

/** The streams of which all kinds but philox are made. */
export type StreamKind = Exclude<GeneratorKind, 'philox' | 'lfsr32-seeds' | 'lfsr32-rotations' | 'shared-word'>;

interface StreamText {
  readonly words: 1 | 4;
  /** Declares `next_state` from `state`, and `r`. */
  readonly body: string;
}

const xoshiroStep = `
  wire [31:0] s0 = state[31:0];
  wire [31:0] s1 = state[63:32];
  wire [31:0] s2 = state[95:64];
  wire [31:0] s3 = state[127:96];
  wire [31:0] t2 = s2 ^ s0;
  wire [31:0] t3 = s3 ^ s1;
  wire [127:0] next_state = {{t3[20:0], t3[31:21]}, t2 ^ {s1[22:0], 9'b0}, s1 ^ t2, s0 ^ t3};
  wire [31:0] sum = s0 + s3;`;

const leap16 = `
  // Bit 15 is the first of the sixteen new bits n(t) = c(t) ^ n(t-1) ^ n(t-2).
  wire [15:0] known = state[31:16] ^ state[21:6] ^ {state[0] ^ state[1], state[0], 14'b0};
  wire [15:0] fold1 = known ^ (known >> 1);
  wire [15:0] fold3 = fold1 ^ (fold1 >> 3);
  wire [15:0] fold6 = fold3 ^ (fold3 >> 6);
  wire [31:0] next_state = {state[15:0], fold6 ^ (fold6 >> 12)};`;

const texts: Readonly<Record<StreamKind, StreamText>> = {
  xoshiro128pp: {
    words: 4,
    body: `${xoshiroStep}
  wire [31:0] word = {sum[24:0], sum[31:25]} + s0;
  assign r = word[31:16];`,
  },
  xoshiro128p: { words: 4, body: `${xoshiroStep}\n  assign r = sum[31:16];` },
  'xoshiro128p-low': { words: 4, body: `${xoshiroStep}\n  assign r = {sum[3:0], 12'h800};` },
  xorshift32: {
    words: 1,
    body: `
  wire [31:0] a = state ^ {state[18:0], 13'b0};
  wire [31:0] b = a ^ {17'b0, a[31:17]};
  wire [31:0] next_state = b ^ {b[26:0], 5'b0};
  assign r = next_state[31:16];`,
  },
  lfsr32: { words: 1, body: `${leap16}\n  assign r = state[31:16];` },
  'lfsr32-leap1': {
    words: 1,
    body: `
  wire [31:0] next_state = {state[30:0], state[31] ^ state[21] ^ state[1] ^ state[0]};
  assign r = state[31:16];`,
  },
  'lfsr32-leap2': {
    words: 1,
    body: `
  wire first = state[31] ^ state[21] ^ state[1] ^ state[0];
  wire [31:0] next_state = {state[29:0], first, state[30] ^ state[20] ^ state[0] ^ first};
  assign r = state[31:16];`,
  },
};

export const streamKinds = Object.keys(texts) as readonly StreamKind[];

/** 32-bit words of state. */
export const streamWords = (stream: StreamKind): 1 | 4 => texts[stream].words;

export const streamModuleName = (stream: StreamKind): string => `lane_generator_${stream.replace('-', '_')}`;

/** \`state\` holds word n at bits 32n + 31 … 32n. Synthesizable; no reset, since a run begins with its seeds. */
export function streamModule(stream: StreamKind): string {
  const { words, body } = texts[stream];
  const index = words === 1 ? '' : '\n  input  wire [1:0] write_index,';
  // Word by word: a place that is computed becomes a shifter of all 128 bits.
  const writes =
    words === 1
      ? '    if (write) state <= write_word;'
      : `    if (write) begin
${[0, 1, 2, 3].map((n) => `      if (write_index == 2'd${n}) state[${32 * n + 31}:${32 * n}] <= write_word;`).join('\n')}
    end`;
  return `// One lane of the generator ${stream}.
module ${streamModuleName(stream)} (
  input  wire clk,
  input  wire write, // of a state word, by the seeder or the bus${index}
  input  wire [31:0] write_word,
  input  wire step, // to the next number
  output reg  [${32 * words - 1}:0] state,
  output wire [15:0] r,
  output wire ready
);${body}
  assign ready = 1'b1;
  always @(posedge clk) begin
${writes}
    else if (step) state <= next_state;
  end
endmodule
`;
}

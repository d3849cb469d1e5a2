/** What is asked of a tool process, and what it answers. */

export type ToolJob =
  | { readonly kind: 'simulator'; readonly source: string; readonly top: string; readonly harness: string }
  | { readonly kind: 'cells'; readonly source: string; readonly top: string; readonly synthesis: string };

/** `simulator`: a module of WebAssembly; `cells`: the number of cells by type. */
export interface ToolResults {
  readonly simulator: Uint8Array;
  readonly cells: Readonly<Record<string, number>>;
}

export type ToolAnswer =
  | { readonly id: number; readonly result: ToolResults[keyof ToolResults] }
  | { readonly id: number; readonly tool: string; readonly refusal: string };

/** What decides a module beyond its sources: a change of it makes old modules unused. */
export const simulatorFlags = [
  // The optimiser meets CXXRTL's small functions one by one before it puts them together: inlining them first, as they ask for, makes one function whose
  // loops of one turn take it more than twice as long.
  '-D__always_inline__=__unused__',
  '-O2',
  '-std=c++17',
  '-fno-exceptions',
  '-DNDEBUG',
  '-w',
  '--target=wasm32-wasip1',
] as const;

/** Yosys's commands between reading and writing. Debug information is left out; hierarchy is flattened, so that one evaluation settles a cycle. */
export const cxxrtlScript = 'rename -top dut; write_cxxrtl -O6 -g0 design.cc';

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { declarations, generatedPath, moduleText, shaderModule } from '../tools/build-shaders.ts';

const shader = (...lines: readonly string[]): string => [...lines, ''].join('\n');

const struct = ['struct Params {', '  // Rows.', '  rows: u32,', '  offset: i32,', '}'];
const bindings = [
  '@group(0) @binding(0) var<uniform> params: Params;',
  '@group(0) @binding(1) var<storage, read> states: array<u32>;',
  '@group(0) @binding(2) var<storage, read_write> fields: array<vec4<f32>>;',
];

describe('the module of shaders', () => {
  it('is that of the committed .wgsl files', () => {
    expect(readFileSync(generatedPath, 'utf8') === shaderModule(), 'run `pnpm kernels`').toBe(true);
  });

  it('says of a kernel what its shader declares', () => {
    expect(declarations(shader(...struct, '', ...bindings))).toEqual({
      params: ['rows', 'offset'],
      bindings: ['uniform', 'read-only-storage', 'storage'],
    });
    expect(declarations(shader('fn f() -> u32 { return 1u; }'))).toEqual({ params: [], bindings: [] });
  });

  it('is not made of bindings out of order, nor of parameters that are not a word each', () => {
    const [first = '', ...others] = bindings;
    expect(() => declarations(shader(...struct, first, ...others.toReversed()))).toThrow('binding 2 comes in place 1');
    const wide = struct.map((line) => line.replace('rows: u32', 'rows: vec2<u32>'));
    expect(() => declarations(shader(...wide, ...bindings))).toThrow(
      'Params has a field that is no word: rows: vec2<u32>,',
    );
    expect(() => declarations(shader(...bindings))).toThrow('no struct Params');
  });

  it('is not made of what a template would change', () => {
    const made = (text: string): string => moduleText([{ name: 'x', text, params: [], bindings: [] }], []);
    expect(made('let a = 1;')).toContain("'x': `let a = 1;`");
    for (const text of ['// `', '// \\n', `// $${''}{a}`]) expect(() => made(text)).toThrow('back-tick');
  });
});

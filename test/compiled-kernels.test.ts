/** The compiled modules that are committed, against their sources and their typed interfaces. Compiles nothing: `pnpm check:kernels` does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { generatedPath, type KernelSource, kernelSources, sourceHash } from '../tools/build-kernels.ts';
import { WasmModule } from './wasm-module.ts';

interface Generated {
  readonly sourceHash: string;
  readonly builds: { readonly baseline: string; readonly relaxed: string };
}

describe.each(kernelSources.map((kernel) => [kernel.name, kernel] as const))('the modules of %s', (name, kernel) => {
  const generated = import(generatedPath(kernel)) as Promise<Generated>;
  const shared = kernel.flags.includes('--sharedMemory');

  it('are those of the committed sources', async () => {
    const message = `run node tools/build-kernels.ts ${name}`;
    expect((await generated).sourceHash, message).toBe(sourceHash(kernel));
  });

  it.each(['baseline', 'relaxed'] as const)('export what the interface declares, no more: %s', async (variant) => {
    const { functions } = new WasmModule((await generated).builds[variant], { shared });
    expect(functions).toEqual(declaredFunctions(kernel));
  });

  it.each(['baseline', 'relaxed'] as const)('put nothing into memory, import only memory: %s', async (variant) => {
    const module = new WasmModule((await generated).builds[variant], { shared });
    expect(module.hasData).toBe(false);
    expect(module.hasStart).toBe(false);
    expect(module.imports).toEqual(['env.memory']);
  });
});

describe('the index of kernels', () => {
  it('has a typed interface and modules for every folder with sources', () => {
    expect(kernelSources.length).toBeGreaterThan(4);
    for (const kernel of kernelSources) expect(declaredFunctions(kernel).size, kernel.name).toBeGreaterThan(0);
  });

  it('a module with data, a start function or another import is seen as one', () => {
    // (memory 1) with a data segment, a start function and the import m.f.
    const bytes = [
      [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      [1, 4, 1, 0x60, 0, 0],
      [2, 7, 1, 1, 0x6d, 1, 0x66, 0, 0],
      [5, 3, 1, 0, 1],
      [8, 1, 0],
      [11, 7, 1, 0, 0x41, 0, 0x0b, 1, 7],
    ].flat();
    const module = new WasmModule(Buffer.from(bytes).toString('base64'));
    expect(module).toMatchObject({ hasData: true, hasStart: true, imports: ['m.f'] });
    expect(module.functions.size).toBe(0);
  });
});

/** Name → number of parameters of every function in the interface `…Kernels` of a kernel's exports. */
function declaredFunctions(kernel: KernelSource): Map<string, number> {
  const path = join(kernel.package, kernel.folder, `${kernel.name}.exports.ts`);
  const aliases = new Map<string, number>();
  const members = new Map<string, number | string>();
  new Visitor({
    TSTypeAliasDeclaration: ({ id, typeAnnotation }) => {
      if (typeAnnotation.type === 'TSFunctionType') aliases.set(id.name, typeAnnotation.params.length);
    },
    TSInterfaceDeclaration: ({ id, body }) => {
      if (!id.name.endsWith('Kernels')) return;
      for (const member of body.body) {
        if (member.type === 'TSMethodSignature' && member.key.type === 'Identifier') {
          members.set(member.key.name, member.params.length);
        } else if (member.type === 'TSPropertySignature' && member.key.type === 'Identifier') {
          const type = member.typeAnnotation?.typeAnnotation;
          if (type?.type === 'TSTypeReference' && type.typeName.type === 'Identifier') {
            members.set(member.key.name, type.typeName.name);
          }
        }
      }
    },
  }).visit(parseSync(path, readFileSync(path, 'utf8')).program);
  return new Map(
    [...members].map(([name, type]) => [name, typeof type === 'number' ? type : (aliases.get(type) ?? Number.NaN)]),
  );
}

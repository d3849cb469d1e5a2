/** The outside of a compiled WebAssembly module, read from its bytes. */

/** The part of WebAssembly that is used here; its types come with the DOM's. */
interface Module {
  readonly bytes?: never;
}
interface Reflection {
  readonly Module: {
    new (bytes: Uint8Array): Module;
    imports(module: Module): readonly { readonly module: string; readonly name: string }[];
    exports(module: Module): readonly { readonly name: string; readonly kind: string }[];
  };
  readonly Instance: new (
    module: Module,
    imports: { readonly env: { readonly memory: object } },
  ) => { readonly exports: Readonly<Record<string, unknown>> };
  readonly Memory: new (o: { readonly initial: number; readonly maximum: number; readonly shared: boolean }) => object;
}

const { Module, Instance, Memory } = (globalThis as unknown as { readonly WebAssembly: Reflection }).WebAssembly;

const startSection = 8;
const dataSection = 11;

export class WasmModule {
  /** `module.name` */
  readonly imports: readonly string[];
  /** Exported function → number of parameters. */
  readonly functions: ReadonlyMap<string, number>;
  /** Data segments: bytes that instantiation (or `memory.init`) would write. */
  readonly hasData: boolean;
  readonly hasStart: boolean;

  /** `shared`: whether the memory that it imports is. */
  constructor(base64: string, { shared = true }: { readonly shared?: boolean } = {}) {
    const bytes = Buffer.from(base64, 'base64');
    const module = new Module(bytes);
    this.imports = Module.imports(module).map((each) => `${each.module}.${each.name}`);
    const exported = Module.exports(module).filter(({ kind }) => kind === 'function');
    this.functions = exported.length === 0 ? new Map() : arities(module, exported, shared);
    const sections = sectionIds(bytes);
    this.hasData = sections.includes(dataSection);
    this.hasStart = sections.includes(startSection);
  }
}

function arities(module: Module, exported: readonly { readonly name: string }[], shared: boolean): Map<string, number> {
  const memory = new Memory({ initial: 1, maximum: 65536, shared });
  const { exports } = new Instance(module, { env: { memory } });
  return new Map(exported.map(({ name }) => [name, (exports[name] as (...args: unknown[]) => unknown).length]));
}

/** Ids of the sections in order; each is an id, a length (LEB128) and that many bytes. */
function sectionIds(bytes: Uint8Array): number[] {
  const ids: number[] = [];
  for (let at = 8; at < bytes.length; ) {
    ids.push(bytes[at++] as number);
    let [length, shift] = [0, 0];
    for (let more = true; more; shift += 7) {
      const byte = bytes[at++] as number;
      length |= (byte & 0x7f) << shift;
      more = byte >= 0x80;
    }
    at += length;
  }
  return ids;
}

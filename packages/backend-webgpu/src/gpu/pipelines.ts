/** The compute pipelines of a device: compiled when first asked for, then kept. */
import { kernels, preludes } from '../kernels/generated/shaders.ts';

export type KernelName = keyof typeof kernels;

/** The uniform of a kernel, by the names that its shader gives. */
export type KernelParams<K extends KernelName> = Readonly<Record<(typeof kernels)[K]['params'][number], number>>;

/** How couplings are multiplied: four int8 at a time, bit by bit over this many planes, or in f32. */
export type Products =
  | { readonly kind: 'packed' }
  | { readonly kind: 'planes'; readonly planes: number }
  | { readonly kind: 'real' };

/** Which law a kernel computes by. */
export type LawKind = 'fixed' | 'real';

/** What varies a kernel. */
export interface KernelVariant {
  /** Default: fixed. */
  readonly law?: LawKind;
  /** Of conv-field. */
  readonly products?: Products;
  /** Override constants, beside those that follow from the above. */
  readonly constants?: Readonly<Record<string, number>>;
}

type Prelude = keyof typeof preludes;

/** What stands in front of a kernel under either law, in this order. */
const lawPreludesOf: Readonly<Record<LawKind, Partial<Record<KernelName, readonly Prelude[]>>>> = {
  fixed: {
    'conv-field': ['scaled', 'fixed-law'],
    'gibbs-update': ['tempered', 'fixed-update'],
    'sparse-field': ['scaled', 'fixed-law'],
  },
  real: { 'conv-field': ['real-law'], 'gibbs-update': ['real-update'], 'sparse-field': ['real-law'] },
};

const productsPreludeOf = { packed: 'packed-products', planes: 'plane-products', real: 'real-products' } as const;

/** What stands in front of a kernel whatever the law. */
const preludesOf: Readonly<Record<KernelName, readonly Prelude[]>> = {
  'conv-field': ['sweep'],
  'feed-forward-field': ['sweep', 'scaled-means'],
  'feed-forward-means': ['sweep'],
  'gibbs-update': ['sweep', 'philox'],
  readout: ['sweep'],
  'retain-state': ['sweep'],
  'small-sweeps': ['sweep', 'philox', 'scaled', 'tempered'],
  'sparse-field': ['sweep'],
  'spread-channels': ['sweep'],
};

/** Bytes of the struct Sweep of `prelude/sweep.wgsl`, in words. */
export const sweepFields = [
  'counter',
  'temperature',
  'retained',
  'coins',
  'row_first',
  'row_count',
  'first',
  'count',
] as const;

export class Pipelines {
  /** Invocations of a workgroup. */
  readonly workgroupSize: number;
  /** Group 1 of every kernel. */
  readonly sweepLayout: GPUBindGroupLayout;
  readonly #device: GPUDevice;
  readonly #layouts = new Map<KernelName, { readonly group: GPUBindGroupLayout; readonly all: GPUPipelineLayout }>();
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();

  constructor(device: GPUDevice, o: { readonly workgroupSize: number }) {
    this.#device = device;
    this.workgroupSize = o.workgroupSize;
    this.sweepLayout = device.createBindGroupLayout({
      label: 'sweep',
      entries: [
        {
          binding: 0,
          visibility: stageCompute,
          buffer: { type: 'uniform', hasDynamicOffset: true, minBindingSize: 4 * sweepFields.length },
        },
      ],
    });
  }

  /** Group 0 of a kernel. */
  layoutOf(kernel: KernelName): GPUBindGroupLayout {
    return this.#layoutsOf(kernel).group;
  }

  /** Rejects with what the compiler of shaders says. */
  get(kernel: KernelName, variant: KernelVariant = {}): Promise<GPUComputePipeline> {
    const { law = 'fixed', products = null, constants = {} } = variant;
    const key = JSON.stringify([kernel, law, products, constants]);
    let pipeline = this.#pipelines.get(key);
    if (pipeline === undefined) {
      pipeline = this.#compile(kernel, variant);
      this.#pipelines.set(key, pipeline);
    }
    return pipeline;
  }

  async #compile(kernel: KernelName, variant: KernelVariant): Promise<GPUComputePipeline> {
    const { law = 'fixed', products, constants: more = {} } = variant;
    // Directives must come first.
    const first: readonly Prelude[] = products === undefined ? [] : [productsPreludeOf[products.kind]];
    const names = [...first, ...preludesOf[kernel], ...(lawPreludesOf[law][kernel] ?? [])];
    const code = [...names.map((name) => preludes[name]), kernels[kernel].text].join('\n');
    const module = this.#device.createShaderModule({ label: kernel, code });
    const { messages } = await module.getCompilationInfo();
    const wrong = messages.filter(({ type }) => type !== 'info');
    if (wrong.length > 0) {
      const list = wrong.map(({ type, lineNum, message }) => `${type} in line ${lineNum}: ${message}`).join('; ');
      throw new Error(`shader ${kernel}: ${list}`);
    }
    const constants: Record<string, number> = { workgroup_size: this.workgroupSize, ...more };
    if (products?.kind === 'planes') {
      constants.planes = products.planes;
      constants.vectors_per_k = vectorsPerK(products);
    }
    return this.#device.createComputePipelineAsync({
      label: kernel,
      layout: this.#layoutsOf(kernel).all,
      compute: { module, entryPoint: 'main', constants },
    });
  }

  #layoutsOf(kernel: KernelName): { readonly group: GPUBindGroupLayout; readonly all: GPUPipelineLayout } {
    let layouts = this.#layouts.get(kernel);
    if (layouts === undefined) {
      const group = this.#device.createBindGroupLayout({
        label: kernel,
        entries: kernels[kernel].bindings.map((type, binding) => ({
          binding,
          visibility: stageCompute,
          buffer: { type },
        })),
      });
      const bindGroupLayouts = [group, this.sweepLayout];
      layouts = { group, all: this.#device.createPipelineLayout({ label: kernel, bindGroupLayouts }) };
      this.#layouts.set(kernel, layouts);
    }
    return layouts;
  }
}

/** Vectors of four words that hold the weights of 8 receivers and 32 givers (see the preludes of products). */
export function vectorsPerK(products: Products): number {
  switch (products.kind) {
    case 'packed':
      return 16;
    case 'planes':
      return 2 * (products.planes + 1);
    case 'real':
      return 64;
    default:
      return products satisfies never;
  }
}

/** GPUShaderStage.COMPUTE: the name is a global of pages only. */
const stageCompute = 4;

/** Dispatches of kernels: said as data, made ready together, encoded many times. */
import { kernels } from '../kernels/generated/shaders.ts';
import type { GpuContext } from './gpu-context.ts';
import type { KernelName, KernelParams, KernelVariant } from './pipelines.ts';

/** One kernel with its arguments. */
export interface DispatchSpec<K extends KernelName = KernelName> extends KernelVariant {
  readonly kernel: K;
  readonly params: KernelParams<K>;
  /** In the order of the kernel's bindings, without the uniform. */
  readonly buffers: readonly GPUBuffer[];
  /** Invocations for each row; rows come with the sweep. */
  readonly invocationsPerRow: number;
  /** Workgroups in z. */
  readonly layers?: number;
  /** Operations of one row, roughly: how dispatches are packed into submits. */
  readonly costPerRow: number;
}

/** A dispatch that can be encoded. */
export interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly invocationsPerRow: number;
  readonly layers: number;
  readonly costPerRow: number;
}

/** `K` is inferred from `kernel`, so that the parameters are checked by name. */
export function dispatchSpec<K extends KernelName>(spec: DispatchSpec<K>): DispatchSpec {
  return spec as unknown as DispatchSpec;
}

/** Pipelines, one buffer for all uniforms, bind groups. The caller frees the buffer. */
export async function prepareDispatches(
  gpu: GpuContext,
  specs: readonly DispatchSpec[],
): Promise<{ readonly dispatches: readonly Dispatch[]; readonly uniforms: GPUBuffer }> {
  const stride = uniformStride(gpu);
  const words = new Uint32Array((stride / 4) * Math.max(1, specs.length));
  for (const [n, { kernel, params }] of specs.entries()) {
    words.set(uniformWords(kernel, params), (n * stride) / 4);
  }
  const pipelines = await Promise.all(specs.map((spec) => gpu.pipelines.get(spec.kernel, spec)));
  const uniforms = gpu.memory.uniform('parameters', words);
  const dispatches = specs.map((spec, n): Dispatch => {
    const size = 4 * kernels[spec.kernel].params.length;
    const entries: GPUBindGroupEntry[] = [
      { binding: 0, resource: { buffer: uniforms, offset: n * stride, size } },
      ...spec.buffers.map((buffer, at) => ({ binding: at + 1, resource: { buffer } })),
    ];
    const bindGroup = gpu.device.createBindGroup({
      label: spec.kernel,
      layout: gpu.pipelines.layoutOf(spec.kernel),
      entries,
    });
    const { invocationsPerRow, layers = 1, costPerRow } = spec;
    return { pipeline: pipelines[n] as GPUComputePipeline, bindGroup, invocationsPerRow, layers, costPerRow };
  });
  return { dispatches, uniforms };
}

/** Bytes from one uniform to the next. */
export function uniformStride({ device }: GpuContext): number {
  return Math.max(256, device.limits.minUniformBufferOffsetAlignment);
}

function uniformWords(kernel: KernelName, params: Readonly<Record<string, number>>): Uint32Array {
  // Negative numbers keep their 32 bits.
  return Uint32Array.from(kernels[kernel].params, (name) => {
    const value = params[name];
    if (value === undefined) throw new TypeError(`${kernel} is not given ${name}`);
    return value;
  });
}

/** A whole program on a device: host stages and blocks (architecture section 3). */
import { checkFields, checkLogger, checkProgram, checkSignal } from '../device/check-arguments.ts';
import { integerIn, invalid } from '../device/check-values.ts';
import type { Device } from '../device/device.ts';
import type { DeviceProgram } from '../device/device-program.ts';
import { RunScope } from '../device/run-scope.ts';
import { DeviceClosedError } from '../errors/isinglass-error.ts';
import { type Logger, silentLogger } from '../logging/logger.ts';
import type { Program } from '../program/program.ts';
import type { ValueSpec } from '../program/program-json.ts';
import { valueSpecs } from '../program/value-specs.ts';
import { type BlockRequest, blockRequests } from './block-requests.ts';
import { checkRunOptions } from './check-run-options.ts';
import type { HostRuntime } from './host-runtime.ts';
import { HostStages } from './host-stages.ts';
import { ProgressStream } from './progress-stream.ts';
import { ReportBuilder } from './report-builder.ts';
import { sessionInputs } from './session-inputs.ts';
import type { RunReport, SessionInput, SessionRun, SessionRunOptions } from './session-options.ts';
import { SessionProgress } from './session-progress.ts';
import { runStages } from './session-run.ts';
import { stageGroups } from './stage-groups.ts';
import { bytesPerImage } from './stage-value.ts';

/** Named values of one batch stay below this, so that memory does not grow with the number of images. */
const batchBytesMax = 64 * 2 ** 20;

export interface SessionOptions {
  /** Needed by programs with host stages. */
  readonly host?: HostRuntime;
  /** Default: silent. */
  readonly logger?: Logger;
  readonly signal?: AbortSignal;
}

export class Session {
  readonly program: Program;
  readonly device: Device;
  readonly #loaded: DeviceProgram;
  readonly #hosts: HostStages;
  readonly #specs: ReadonlyMap<string, ValueSpec>;
  readonly #logger: Logger;
  readonly #runs = new Set<RunScope<RunReport>>();
  #closing: Promise<void> | undefined;

  private constructor(o: {
    program: Program;
    device: Device;
    loaded: DeviceProgram;
    hosts: HostStages;
    specs: ReadonlyMap<string, ValueSpec>;
    logger: Logger;
  }) {
    this.program = o.program;
    this.device = o.device;
    this.#loaded = o.loaded;
    this.#hosts = o.hosts;
    this.#specs = o.specs;
    this.#logger = o.logger;
  }

  /**
   * Loads the program's host stages into the runtime and its blocks onto the device. The session does not own the device:
   * closing it leaves the device open.
   */
  static async open(program: Program, device: Device, o: SessionOptions = {}): Promise<Session> {
    checkOpening(program, device, o);
    const signal = o.signal ?? new AbortController().signal;
    const logger = (o.logger ?? silentLogger).child({ program: program.json.name });
    const specs = valueSpecs(program);
    signal.throwIfAborted();
    const hosts = await HostStages.load(program, specs, { host: o.host, signal });
    try {
      const loaded = await device.load(program, { signal });
      logger.info({ device: device.uri, hash: program.hash, stages: program.json.stages.length }, 'session is open');
      return new Session({ program, device, loaded, hosts, specs, logger });
    } catch (e) {
      await hosts.close();
      throw e;
    }
  }

  /**
   * Sends images through every stage: one tensor per input of the program, `shape[0]` the images; a count for programs
   * without inputs. Results do not depend on `batch`. Iterate the answer for progress, await it for the report.
   *
   * @example
   * const report = await session.run({ dtype: 'u8', shape: [2, 1, 28, 28], data: pixels }, { seed: 7n, gains: { delta: 0.2 } });
   */
  run(images: SessionInput | readonly SessionInput[] | number, o: SessionRunOptions): SessionRun {
    try {
      checkRunOptions(o, this.device);
    } catch (e) {
      return new ProgressStream(Promise.reject(e));
    }
    const scope = new RunScope<RunReport>({
      signal: o.signal,
      deadlineMs: o.deadlineMs,
      onEnd: () => {
        this.#runs.delete(scope);
        this.device.lost.removeEventListener('abort', onLost);
      },
    });
    const onLost = (): void => scope.fail(this.device.lost.reason);
    const stream = new ProgressStream(scope.promise);
    if (scope.ended) return stream;
    this.#runs.add(scope);
    this.device.lost.addEventListener('abort', onLost);
    this.#run(images, o, scope, stream).then(
      (report) => scope.succeed(report),
      (e: unknown) => scope.fail(e),
    );
    return stream;
  }

  /** Idempotent; runs in flight reject with DeviceClosedError. Resolves when stages and blocks are unloaded. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #run(
    images: SessionInput | readonly SessionInput[] | number,
    o: SessionRunOptions,
    scope: RunScope<RunReport>,
    stream: ProgressStream,
  ): Promise<RunReport> {
    if (this.#closing !== undefined) throw new DeviceClosedError('the session is closed');
    const startedMs = performance.now();
    const { json } = this.program;
    const blocks = json.stages.filter((stage) => stage.kind === 'block');
    const inputs = sessionInputs(images, json);
    const requests = blockRequests(blocks, o);
    const imageOffset = integerIn('imageOffset', o.imageOffset ?? 0, { min: 0, max: 2 ** 32 - inputs.images });
    const batch = integerIn('batch', o.batch ?? this.#batch(requests), { min: 1, max: 2 ** 32 });
    const report = new ReportBuilder({
      images: inputs.images,
      outputs: json.outputs,
      requests,
      bytesMax: this.device.limits.resultBytesMax,
    });
    this.#logger.debug({ images: inputs.images, batch }, 'run starts');
    await runStages({
      json,
      specs: this.#specs,
      groups: stageGroups(json.stages, this.device.profile.residency),
      requests,
      program: this.#loaded,
      hosts: this.#hosts,
      inputs: inputs.values,
      images: inputs.images,
      imageOffset,
      batch,
      // One more than the device has in flight: it is in a host stage meanwhile.
      pipelined: this.device.profile.batch.inFlight + 1,
      signal: scope.signal,
      report,
      progress: new SessionProgress({
        images: inputs.images,
        stages: json.stages,
        push: (progress) => stream.push(progress),
      }),
    });
    const done = report.finish(blocks, (performance.now() - startedMs) / 1000);
    this.#logger.info({ images: done.images, sweeps: done.sweeps, seconds: done.seconds }, 'run is done');
    return done;
  }

  /** What the device prefers, in whole images, as far as the values of a batch fit in memory. */
  #batch(requests: readonly BlockRequest[]): number {
    const preferred = requests.map(({ block, request }, n) => {
      const rows = this.#loaded.plan.blocks[n]?.rowsPreferred ?? 1;
      return Math.floor(rows / (request.chains ?? block.schedule.chains));
    });
    const bytes = [...this.#specs.values()].reduce((sum, spec) => sum + bytesPerImage(spec), 0);
    return Math.max(1, Math.min(1024, Math.floor(batchBytesMax / Math.max(1, bytes)), ...preferred));
  }

  async #close(): Promise<void> {
    const reason = new DeviceClosedError('the session was closed');
    for (const scope of [...this.#runs]) scope.fail(reason);
    try {
      await this.#loaded.unload();
    } finally {
      await this.#hosts.close();
    }
  }
}

const optionFields: Readonly<Record<keyof SessionOptions, true>> = { host: true, logger: true, signal: true };

function checkOpening(program: Program, device: Device, o: SessionOptions): void {
  checkProgram(program);
  // Structural: the device may come from another copy of the sdk.
  if (typeof (device as Partial<Device> | undefined)?.load !== 'function') {
    throw invalid('device', device, 'a Device, as openDevice gives it');
  }
  checkFields('options', o, optionFields);
  checkSignal('signal', o.signal);
  checkLogger(o.logger);
  if (o.host !== undefined && typeof (o.host as HostRuntime | null)?.load !== 'function') {
    throw invalid('host', o.host, 'a HostRuntime, as nodeHostRuntime() of @isinglass/sdk/host-onnx-node gives it');
  }
}

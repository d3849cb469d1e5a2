import { readFileSync } from 'node:fs';
import cpu from '@isinglass/backend-cpu';
import { type Device, openDevice } from '@isinglass/sdk';
import type { BlockTask } from '../programs/block-task.ts';
import { paperBlocks, paperFacts, paperImages, paperTask } from '../programs/paper-blocks.ts';
import { workloadProgram } from '../programs/workload-program.ts';
import type { BenchRow } from '../rows/bench-row.ts';
import { rowsOf, workloadFacts } from '../workloads/workload.ts';
import { decodeWorkload } from '../workloads/workload-file.ts';
import { namedWorkloads } from '../workloads/workload-list.ts';
import { type BlockMeasurement, measureBlock } from './measure-block.ts';
import { measureNetwork } from './measure-network.ts';
import { type PassRequest, targetNamed } from './pass-request.ts';

/** One pass, in this process: opens the device, measures, closes it. Rejects with what the device says. */
export async function measurePass(request: PassRequest): Promise<BenchRow> {
  const device = await openDevice(request.uri, { backends: [cpu] });
  try {
    return await measureTarget(device, request);
  } finally {
    await device.close();
  }
}

function measureTarget(device: Device, request: PassRequest): Promise<BenchRow> {
  const { kind } = targetNamed(request.target);
  switch (kind) {
    case 'workload':
      return measureBlock(device, workloadMeasurement(request));
    case 'paper-block':
      return measureBlock(device, paperMeasurement(request));
    case 'network':
      return measureNetwork(device, request);
    default:
      return kind satisfies never;
  }
}

function workloadMeasurement(request: PassRequest): BlockMeasurement {
  const { target, workloadFile, variant } = request;
  if (workloadFile === null) throw new RangeError(`${target} needs its workload file`);
  const workload = decodeWorkload(readFileSync(workloadFile));
  const rows = Math.min(variant.rows ?? Number.POSITIVE_INFINITY, rowsOf(workload));
  const protocol = namedWorkloads.find(({ name }) => name === target)?.check ?? null;
  const facts = workloadFacts(target, workload, protocol);
  const share = rows / rowsOf(workload);
  return {
    request,
    facts: {
      ...facts,
      updatesPerSweep: facts.updatesPerSweep * share,
      synapticOperationsPerSweep: facts.synapticOperationsPerSweep * share,
    },
    workload,
    ...coupledAndNot((coupled) => workloadProgram(target, workload, { ...variant, rows, coupled })),
  };
}

function paperMeasurement(request: PassRequest): BlockMeasurement {
  const { target, variant } = request;
  const number = Number(target.slice(1));
  const geometry = paperBlocks(request.size)[number - 1];
  if (geometry === undefined) throw new RangeError(`${target} is no block of the network`);
  const rows = variant.rows ?? paperImages;
  return {
    request,
    facts: paperFacts(target, [geometry], rows),
    workload: null,
    ...coupledAndNot((coupled) => paperTask(target, geometry, number, { ...variant, rows, coupled })),
  };
}

const coupledAndNot = (make: (coupled: boolean) => BlockTask): Pick<BlockMeasurement, 'task' | 'uncoupled'> => ({
  task: make(true),
  uncoupled: make(false),
});

/**
 * "Does my model fit this machine, and what would it cost there?" A trained network on emulated machines, each named by a URI with any of its parameters:
 *
 *     npx --yes pnpm@12.21.0 --silent example:machines                                                  four machines, one of which is too small
 *     npx --yes pnpm@12.21.0 --silent example:machines 'fpga-sim:conv-m?clockMHz=300&staticWatts=20'    your own numbers
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as cli from '@isinglass/cli';
import { compile } from '@isinglass/compiler';
import { classesOf, openDevice, runCost, Session, type Stated } from '@isinglass/sdk';
import { nodeHostRuntime } from '@isinglass/sdk/host-onnx-node';

const machines = process.argv.slice(2);
if (machines.length === 0) machines.push('fpga-sim:conv-s', 'fpga-sim:conv-m', 'fpga-sim:asic28', 'fpga-sim:toy');
const count = 20;

// 1. The network as an Ising program, and the images whose digits it should read.
const folder = fileURLToPath(new URL('../models/mnist-1block/', import.meta.url));
const { program } = await compile(new Uint8Array(await readFile(`${folder}mnist-1block.onnx`)), {
  name: 'mnist-1block',
  input: cli.cardInput(`${folder}mnist-1block.card.json`),
  weightBits: 7,
  delta: 0.2,
  sweeps: 187,
});
const [input] = program.json.inputs;
const [output] = program.json.outputs;
if (input === undefined || output === undefined) throw new Error('the program has no input or no output');
const images = cli.firstItems(cli.readImages(`${folder}test-images.idx3.gz`, input), count);
const labels = cli.readLabels(`${folder}test-labels.idx1.gz`, { images: count, limit: count });

// 2. On each machine: every reason why it does not fit, or the answer and what it took there.
const rows: string[][] = [];
for (const uri of machines) {
  const device = await openDevice(uri);
  try {
    const plan = device.plan(program);
    if ('blocks' in plan) rows.push([uri, ...(await costOf(device))]);
    else {
      console.log(`${uri} cannot hold the program:`);
      for (const { limit, needed, available, remedies } of plan) {
        console.log(`  ${limit}: ${needed} needed, ${available ?? 'not stated'} there; ${remedies.join('; or ')}`);
      }
      console.log();
    }
  } finally {
    await device.close();
  }
}
const head = ['machine', 'read', 'cycles', 'most of them', 'ms', 'joules', 'of couplings', 'worth'];
console.log(cli.formatTable([head, ...rows]));
console.log(`
Of ${count} images, one after the other; link and loading included. "unstated": a cost that needs a number which nobody states, see docs/devices.md.`);

async function costOf(device: Awaited<ReturnType<typeof openDevice>>): Promise<string[]> {
  const session = await Session.open(program, device, { host: nodeHostRuntime() });
  try {
    const report = await session.run(images, { seed: 7n });
    const work = { updates: report.updates, synapticOperations: report.synapticOperations };
    const cost = runCost(device.profile, { work, rowSweeps: report.sweeps * count, counters: report.counters });
    const value = report.outputs[output?.name ?? ''];
    const digits = value === undefined ? [] : classesOf(value);
    const { total, byCause } = cost.cycles ?? { total: 0, byCause: {} };
    const [most] = Object.entries(byCause).toSorted(([, a], [, b]) => b - a);
    return [
      `${digits.filter((digit, n) => digit === labels[n]).length} of ${count}`,
      cli.formatCount(total),
      most === undefined ? '' : `${most[0]} ${((100 * most[1]) / total).toFixed(0)} %`,
      stated(cost.seconds, 1000),
      stated(cost.joules),
      stated(cost.joulesByTerm.synapticOperation),
      cost.grade ?? '',
    ];
  } finally {
    await session.close();
  }
}

function stated(value: Stated, unit = 1): string {
  return value === 'unstated' ? value : (unit * value).toPrecision(3);
}

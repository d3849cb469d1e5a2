/**
 * Runs the conformance suite at the level quick on emulated machines with each generator, on seeds that are fixed beforehand:
 *
 *   node tools/generator-verdicts.ts [--runs 10] [--only toy]
 *
 * tools/device-docs/generator-verdicts.jsonl grows by a line a run; runs that it has are not made again, so it can be stopped and gone on with. `--only`:
 * devices whose URI has this text. A run takes 10 to 15 s of a core, three times as long with a biased generator, since what rejects is sampled fourfold once more. Delete the
 * record to make it anew; then `node tools/device-docs.ts`.
 */
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import fpgaSim from '@isinglass/backend-fpga-sim';
import { type CaseRecord, type Report, runSuite, seedOfRun } from '@isinglass/conformance';
import { silentLogger } from '@isinglass/sdk';
import {
  baseSeed,
  type MachineUnderTest,
  machinesUnderTest,
  readVerdictRuns,
  recordPath,
  type VerdictRun,
} from './device-docs/generator-verdicts.ts';

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, runs: { type: 'string', default: '10' } },
});

/** The hypothesis that is farthest off, the first wrong finding, or why there is none. */
function whatFailed({ stages, reason = '' }: CaseRecord): string {
  const last = stages.at(-1);
  const wrong = last?.findings?.find(({ ok }) => !ok);
  if (wrong !== undefined) return `${wrong.name}: ${wrong.actual ?? ''}`;
  const [worst] = [...(last?.hypotheses ?? [])].sort((a, b) => a.adjusted - b.adjusted);
  return worst === undefined ? reason : `${worst.name}: p ${worst.adjusted.toExponential(1)}`;
}

function verdictRun(machine: MachineUnderTest, run: number, { header, cases, footer }: Report): VerdictRun {
  const against = cases.filter(({ verdict }) => verdict === 'fail' || verdict === 'inconclusive');
  return {
    ...machine,
    run,
    seed: header.seed,
    suite: `${header.suite.version} ${header.suite.manifest.slice(0, 19)}`,
    counts: footer.counts,
    against: Object.fromEntries(against.map((each) => [each.case, whatFailed(each)])),
  };
}

const made = new Set(readVerdictRuns().map(({ device, run }) => `${device} ${run}`));
// Run after run over all machines, so that a record that was stopped has as many of each.
for (let run = 0; run < Number(values.runs); run++) {
  for (const machine of machinesUnderTest) {
    const { device } = machine;
    if (!device.includes(values.only) || made.has(`${device} ${run}`)) continue;
    const provider = {
      create: ({ signal }: { readonly signal: AbortSignal }) => fpgaSim.open(device, { logger: silentLogger, signal }),
    };
    const report = await runSuite({
      provider,
      level: 'quick',
      seed: seedOfRun(baseSeed, run),
      device,
      opened: 'device',
    });
    const line = verdictRun(machine, run, report);
    appendFileSync(recordPath, `${JSON.stringify(line)}\n`);
    process.stdout.write(`${run} ${device}: ${JSON.stringify(line.counts)} ${Object.keys(line.against).join(' ')}\n`);
  }
}

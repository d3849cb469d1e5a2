#!/usr/bin/env node
/** The command `bench`: options in, measurements, one document out. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type ProgressLine, startProgress } from '@isinglass/cli';
import { InvalidRequestError, isIsinglassError } from '@isinglass/sdk';
import { CommanderError } from 'commander';
import { type BenchOptions, parseBenchOptions, workloadFolder } from './bench-options.ts';
import { type BenchDocument, benchFormat, parseBenchDocument } from './report/bench-document.ts';
import { compareRows } from './report/compare-rows.ts';
import { energyDisagreements } from './report/energy-agreement.ts';
import { formatReport } from './report/format-report.ts';
import { machineFacts } from './report/machine.ts';
import { ratiosOf } from './report/ratios.ts';
import type { Peer } from './rows/peer.ts';
import { runBench } from './run-bench.ts';
import { namedWorkloads } from './workloads/workload-list.ts';

/** 0 done, 1 something failed or became too slow, 2 bad usage, 130 interrupted. */
const exitCodes = { ok: 0, failed: 1, badInput: 2, interrupted: 130 } as const;

async function main(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort(new Error('interrupted')));
  try {
    const options = parseBenchOptions(args, {
      // Under --json standard output is the document's, and so are usage errors.
      help: (text) => void (json ? process.stderr : process.stdout).write(text),
      error: (text) => void (json || process.stderr.write(text)),
    });
    const document = await measure(options, args, interrupt.signal);
    writeDocument(options.out, document);
    process.stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : formatReport(document));
    const slow = document.changes.some(({ tooSlow }) => tooSlow);
    const failed = [...document.failures, ...document.disagreements].some(({ peer }) => !peer);
    return slow || failed ? exitCodes.failed : exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
    return reportError(error, { json, interrupted: interrupt.signal.aborted });
  }
}

async function measure(o: BenchOptions, command: readonly string[], signal: AbortSignal): Promise<BenchDocument> {
  const startedAt = new Date().toISOString();
  const started = performance.now();
  const before = o.against === null ? null : readDocument(o.against);
  if (before !== null && before.size !== o.size) {
    throw new InvalidRequestError(`${o.against} has ${before.size} sizes, this run ${o.size}: they do not compare`, {
      where: 'against',
    });
  }
  const peers = o.peers ? await loadPeers() : [];
  let progress: ProgressLine | undefined;
  try {
    const { rows, failures } = await runBench({
      ...o,
      peers,
      folder: workloadFolder,
      signal,
      onSetUp: (what) => void process.stderr.write(`${what}\n`),
      onProgress(done, total, note) {
        progress ??= startProgress({ total, unit: 'passes' });
        progress.update(done, note);
      },
    });
    return {
      format: benchFormat,
      startedAt,
      seconds: (performance.now() - started) / 1000,
      command,
      size: o.size,
      machine: machineFacts(),
      rows,
      failures,
      disagreements: o.size === 'full' ? energyDisagreements(rows, energyTolerances) : [],
      ratios: ratiosOf(rows),
      changes: before === null ? [] : compareRows(rows, before.rows),
    };
  } finally {
    progress?.stop();
  }
}

const energyTolerances = new Map(namedWorkloads.map(({ name, energyTolerance }) => [name, energyTolerance]));

async function loadPeers(): Promise<readonly Peer[]> {
  const { peers } = await import('../peers/run-peers.ts');
  return peers;
}

function readDocument(path: string): Pick<BenchDocument, 'size' | 'rows'> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidRequestError(`${path} cannot be read: ${message}`, { where: 'against', cause });
  }
  return parseBenchDocument(text, path);
}

/** Whole or not at all. */
function writeDocument(path: string, document: BenchDocument): void {
  const target = resolve(path);
  try {
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(`${target}.${process.pid}`, `${JSON.stringify(document, null, 2)}\n`);
    renameSync(`${target}.${process.pid}`, target);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidRequestError(`${path} cannot be written: ${message}`, { where: 'out', cause });
  }
}

function reportError(error: unknown, o: { readonly json: boolean; readonly interrupted: boolean }): number {
  const usage = error instanceof CommanderError;
  const code = o.interrupted ? 'interrupted' : usage ? 'usage' : isIsinglassError(error) ? error.code : 'internal';
  const message = error instanceof Error ? error.message.replace(/^error: /, '') : String(error);
  if (o.json) process.stdout.write(`${JSON.stringify({ error: { code, message } }, null, 2)}\n`);
  // Commander has said it already.
  else if (!usage) process.stderr.write(`bench: ${message}\n`);
  if (o.interrupted) return exitCodes.interrupted;
  return usage || code === 'invalid-request' ? exitCodes.badInput : exitCodes.failed;
}

process.exitCode = await main(process.argv.slice(2));

import { type DriverRun, type PackedSpins, packSpins } from '@isinglass/sdk';
import { blockOf } from '../../lab/block-run.ts';
import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import { gridWithin } from '../../probes/affordable.ts';
import { gridProbe } from '../../probes/graphs.ts';
import { bankIds } from '../../probes/probe-program.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import { must } from '../findings.ts';
import { randomSigns } from '../strong-fields.ts';

/** What a caller lends is not written. */
export const loadBorrowed: LogicalCheck = {
  plan: {
    id: 'load.borrowed',
    version: 1,
    row: 0,
    chapter: 'loading',
    title: 'Tensors of a program and inputs of a run are borrowed: read, never written.',
    how: 'Loads a grid with pinned neighbours, runs it with pins, image numbers, and where the device takes them given states and temperatures, unloads it; everything that was lent is compared with copies.',
    kind: 'logical',
    statistic: 'equality of all bytes',
    samples: '3 runs of one program',
    resolution: { quick: 'any byte', standard: 'any byte', certify: 'any byte' },
    level: 'quick',
    clauses: ['contract: inputs are borrowed until the promise settles and never written', 'contract: Driver.load'],
    needs: ['sweeps', 'single-spin', 'pins'],
    kills: ['inputs-written'],
    blindTo: ['M44', 'M48'],
    since: '0.1.0',
  },
  async run(c) {
    const random = c.random('grid');
    const lab = await c.open();
    const { rows, columns } = gridWithin(c.profile, { rows: 3, columns: 4, pins: 1 });
    const pinned = Math.min(5, rows * columns);
    const pinnedEdges = Array.from({ length: pinned }, (_, n) => ({ free: n, pinned: n, w: 7 }));
    const loaded = await lab.loadProbe({ ...gridProbe(rows, columns, random), pinned, pinnedEdges }, random);
    const tensors = [...loaded.program.tensors].map(([name, { data }]) => ({ what: `tensor ${name}`, data }));
    const unwritten = watch(tensors);
    const findings: Finding[] = [];
    for (let n = 1; n <= 3; n++) {
      const { run, lent } = lendingRun(loaded, random);
      const check = watch(lent);
      await lab.within('run', loaded.loaded.run(run));
      findings.push(...check(`run ${n}`), ...unwritten(`run ${n}`));
    }
    await lab.unload(loaded.loaded);
    return [...findings, ...unwritten('unload')];
  },
};

const readoutsOf = ({ program }: LoadedProbe): DriverRun['readouts'] =>
  blockOf(program, 0).readouts.map(({ bank, observable, tie }) => ({ bank, observable, as: 'sums', tie }));

interface Lent {
  readonly what: string;
  readonly data: ArrayBufferView<ArrayBuffer>;
}

const bytesOf = ({ data }: Lent): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** Copies now; later says what differs. */
function watch(lent: readonly Lent[]): (after: string) => readonly Finding[] {
  const copies = lent.map((each) => bytesOf(each).slice());
  return (after) =>
    lent.map((each, n) => {
      const now = bytesOf(each);
      const same = now.length === copies[n]?.length && now.every((byte, at) => byte === copies[n]?.[at]);
      return must(`${each.what} after ${after}`, same, 'the bytes that were lent', 'other bytes');
    });
}

function lendingRun(loaded: LoadedProbe, random: RandomStream): { run: DriverRun; lent: readonly Lent[] } {
  const { profile } = loaded.lab;
  const rows = loaded.rowsPerRun() < 2 ? 1 : 2;
  const sweeps = 4 * profile.readout.strideMin;
  const given = loaded.toBanks({ rows, spins: loaded.spins, values: randomSigns(rows * loaded.spins, random) });
  const { pinned } = loaded.probe;
  const pins = packSpins(randomSigns(rows * pinned, random), rows, pinned);
  const images = Uint32Array.from({ length: rows }, () => random.integer(0, 1000));
  const temperatures = profile.features.includes('temperature')
    ? Uint32Array.from({ length: sweeps }, () => random.integer(0, 65536))
    : null;
  const takesGiven = profile.init.includes('given');
  const otherStart = profile.init.includes('random') ? 'random' : 'feed-forward';
  const run: DriverRun = {
    block: 0,
    gains: {},
    images,
    inputs: { [bankIds.pinned]: pins },
    chains: 1,
    chainOffset: 0,
    sweeps,
    burnIn: 0,
    stride: profile.readout.strideMin,
    sweepOffset: 0,
    temperatures,
    seed: random.bits64(),
    start: takesGiven ? { kind: 'given', states: given } : { kind: otherStart },
    keep: 'nothing',
    readouts: readoutsOf(loaded),
    signal: new AbortController().signal,
  };
  const packed = (what: string, { words }: PackedSpins): Lent => ({ what, data: words });
  const states = takesGiven ? Object.entries(given).map(([id, spins]) => packed(`given states of ${id}`, spins)) : [];
  const numbers = [
    { what: 'image numbers', data: images },
    ...(temperatures === null ? [] : [{ what: 'temperatures', data: temperatures }]),
  ];
  return { run, lent: [packed('pins', pins), ...states, ...numbers] };
}

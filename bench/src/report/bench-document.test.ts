import { describe, expect, it } from 'vitest';
import { rowOfPass } from '../rows/bench-row.ts';
import { type BenchDocument, benchFormat, parseBenchDocument } from './bench-document.ts';
import { formatReport } from './format-report.ts';
import { machineFacts } from './machine.ts';

const row = rowOfPass({
  workload: { name: 'W1', updatesPerSweep: 1e6, synapticOperationsPerSweep: 2e8 },
  implementation: 'sampler 1.0',
  variant: 'plain',
  threads: 1,
  seconds: [0.002],
  sweeps: 1,
  checkEnergyPerSpin: -0.421,
  cpuShare: 0.98,
});
const document: BenchDocument = {
  format: benchFormat,
  startedAt: '2026-01-01T00:00:00.000Z',
  seconds: 1,
  command: [],
  size: 'full',
  machine: machineFacts(),
  rows: [row],
  failures: [{ workload: null, implementation: 'other', peer: true, message: 'not installed' }],
  disagreements: [],
  ratios: [],
  changes: [],
};

describe('the document of a run', () => {
  it('is read back', () => {
    const { rows, size } = parseBenchDocument(JSON.stringify(document), 'x.json');
    expect([rows, size]).toEqual([[row], 'full']);
  });

  it.each([
    ['text', '{', /x\.json is not a result of the bench: it is not JSON/],
    ['null', 'null', /its format is undefined/],
    ['another format', JSON.stringify({ ...document, format: 'y' }), /its format is "y"/],
    ['another size', JSON.stringify({ ...document, size: 'huge' }), /its size is "huge"/],
    ['no rows', JSON.stringify({ ...document, rows: {} }), /no rows/],
    ['a row without a speed', JSON.stringify({ ...document, rows: [row, { ...row, gsopPerSecond: null }] }), /row 1/],
  ])('is refused when it is %s', (_, text, message) => {
    expect(() => parseBenchDocument(text, 'x.json')).toThrow(message);
  });

  it('is a table for people: three digits, and a dash for what is not known', () => {
    const lines = formatReport(document).split('\n');
    expect(lines[0]).toContain(process.version);
    const cells = lines.find((line) => line.startsWith('W1'))?.split(/ {2,}/);
    expect(cells).toEqual([
      'W1',
      'sampler 1.0',
      'plain',
      '1',
      '100',
      '[100, 100]',
      '0.500',
      '-0.42100',
      '98 %',
      '–',
      '–',
      '–',
      '–',
    ]);
    expect(lines).toContain('Not measured: other: not installed');
  });
});

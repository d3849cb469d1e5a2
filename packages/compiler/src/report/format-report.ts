import type { BlockReport, CompileReport, CouplingReport } from './compile-report.ts';
import { fourDigits, percent, shortCount, textTable } from './text-table.ts';

/** The report as text for a terminal: a summary, the stages, every block's couplings and biases, passes, warnings. */
export function formatReport(report: CompileReport): string {
  const sections = [
    summary(report),
    stageTable(report),
    ...report.stages.flatMap((stage) => (stage.kind === 'block' ? [blockSection(stage)] : [])),
    passTable(report),
  ];
  if (report.diagnostics.length > 0) sections.push(diagnosticsSection(report));
  return `${sections.join('\n\n')}\n`;
}

function summary({ name, law, weightBits, fractionBits, totals, programHash, producer, opset }: CompileReport): string {
  const lawText =
    law === 'real' ? 'real law, float32' : `fixed law, ${weightBits} bits, fields in units of 2^−${fractionBits}`;
  const { couplings, multiplyAdds } = totals;
  return [
    `${name}: ${lawText}`,
    `  program        ${programHash}`,
    `  model          ${producer === '' ? 'unknown producer' : producer}, opset ${opset}`,
    `  spins          ${shortCount(totals.freeSpins)} free, ${shortCount(totals.pinnedSpins)} pinned`,
    `  couplings      ${shortCount(couplings.actual)} (${shortCount(couplings.free)} between free spins; ${shortCount(couplings.nominal)} with those on padding)`,
    `  stored         ${shortCount(totals.weights)} weights, ${shortCount(totals.biasValues)} biases`,
    `  multiply-adds  ${shortCount(multiplyAdds.model)} per image, ${percent(multiplyAdds.offloadedShare)} offloaded`,
  ].join('\n');
}

function stageTable({ stages, nodes }: CompileReport): string {
  const rows = stages.map((stage) => {
    const count = nodes.filter((node) => node.stage === stage.id).length;
    const what =
      stage.kind === 'host'
        ? `${shortCount(stage.multiplyAdds)} multiply-adds, ${shortCount(stage.onnxBytes)} bytes of ONNX`
        : `${stage.banks.map((bank) => bank.shape.join('×')).join(' → ')}, ${shortCount(stage.counts.actual)} couplings`;
    return [stage.id, stage.kind, String(count), what];
  });
  return `Stages\n${textTable(['stage', 'kind', 'nodes', 'what'], rows)}`;
}

function blockSection(block: BlockReport): string {
  const { sweeps, burnIn, stride, chains, retained, observable, init } = block.schedule;
  const gains = block.gains.filter((gain) => gain.runtime).map((gain) => `${gain.id} ${gain.value}`);
  const lines = [
    `Block ${block.id} (index ${block.index})`,
    textTable(
      ['coupling', 'joins', 'form', 'gain', 'couplings', 'free', 'nominal', 'degree'],
      block.couplings.map(couplingRow),
    ),
  ];
  const rounded = block.couplings.flatMap((coupling) => roundingRow(coupling));
  if (rounded.length > 0) {
    const header = ['rounding', 'weights', 'bits', 'scale', 'SQNR', 'clipped', 'became 0', 'bits at one unit'];
    lines.push(textTable(header, rounded));
  }
  if (block.biases.length > 0) {
    const rows = block.biases.map((bias) => [bias.bank, bias.form, bias.gain, shortCount(bias.values), bias.reason]);
    lines.push(textTable(['bias of', 'form', 'gain', 'values', 'why'], rows));
  }
  for (const { bank, fieldMax, fieldErrorMax } of block.bounds) {
    lines.push(
      `  ${bank}: fields up to ${shortCount(fieldMax)} units, within ${fieldErrorMax.toExponential(1)} of the real law with these weights`,
    );
  }
  lines.push(
    `  ${gains.join(', ')}; ${sweeps} sweeps, the first ${burnIn} discarded, ${retained} kept${stride > 1 ? ` (every ${stride}th)` : ''}, ` +
      `${chains} chain${chains === 1 ? '' : 's'}, ${init} start, ${observable}`,
  );
  return lines.join('\n');
}

function couplingRow(c: CouplingReport): string[] {
  return [
    c.id,
    `${c.from} → ${c.to}`,
    c.form,
    c.gain,
    shortCount(c.counts.actual),
    shortCount(c.counts.free),
    shortCount(c.counts.nominal),
    `${Math.max(c.degreeMax.from, c.degreeMax.to)}`,
  ];
}

function roundingRow({ id, weights, rounding }: CouplingReport): readonly string[][] {
  if (rounding === null) return [];
  const { bits, scale, sqnrDb, clippedShare, vanishedShare, effectiveBits } = rounding;
  // Values that became 0 beside huge ones have no part in the energy: without them nothing is lost.
  const unchanged = clippedShare === 0 && vanishedShare === 0;
  const sqnr = sqnrDb === null ? (unchanged ? 'exact' : '> 240 dB') : `${sqnrDb.toFixed(1)} dB`;
  const shares = [percent(clippedShare), percent(vanishedShare)];
  return [[id, shortCount(weights), String(bits), fourDigits(scale), sqnr, ...shares, effectiveBits.toFixed(1)]];
}

function passTable({ passes }: CompileReport): string {
  const rows = passes.map(({ name, version, ms, before, after }) => {
    const change = (key: 'weights' | 'nonZeros' | 'weightBits' | 'biasValues' | 'degreeMax') => {
      const [from, to] = [before?.[key], after?.[key]];
      if (to === undefined) return '';
      return from === undefined || from === to ? shortCount(to) : `${shortCount(from)} → ${shortCount(to)}`;
    };
    return [
      `${name}@${version}`,
      ms.toFixed(1),
      change('nonZeros'),
      change('weightBits'),
      change('biasValues'),
      change('degreeMax'),
    ];
  });
  return `Passes\n${textTable(['pass', 'ms', 'non-zero weights', 'bits', 'biases', 'degree'], rows)}`;
}

function diagnosticsSection({ diagnostics }: CompileReport): string {
  const lines = diagnostics.map(({ severity, code, where, message, hint }) => {
    const place = where === undefined ? '' : ` ${where}:`;
    return `  ${severity} [${code}]${place} ${message}${hint === undefined ? '' : `; ${hint}`}`;
  });
  return `Findings\n${lines.join('\n')}`;
}

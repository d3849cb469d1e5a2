/** Plain text: tables of aligned columns and numbers that people can read. */

/** Rows below a header; columns whose every entry begins with a digit, sign or dash are right-aligned. No trailing blanks. */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[], indent = '  '): string {
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const numeric = header.map((_, column) =>
    rows.every((row) => /^[-−+\d]/.test(row[column] ?? '') || row[column] === ''),
  );
  return lines
    .map((line) =>
      widths
        .map((width, column) => {
          const cell = line[column] ?? '';
          return numeric[column] ? cell.padStart(width) : cell.padEnd(width);
        })
        .join('  '),
    )
    .map((line) => `${indent}${line}`.trimEnd())
    .join('\n');
}

/** 5070000000 → "5.07 G", 9500 → "9500": exact below ten thousand, four digits above. */
export function shortCount(value: number): string {
  if (value < 10_000) return String(value);
  const units = [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const;
  // A unit begins where four digits round up to it: 999 980 is 1 M, not 1000 k.
  const [unit, name] = units.find(([size]) => value >= 0.99995 * size) ?? [1, ''];
  return `${fourDigits(value / unit)} ${name}`;
}

/** 0.00123456 → "0.001235". */
export function fourDigits(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** 0.99912 → "99.91 %". */
export function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`;
}

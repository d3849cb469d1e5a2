/** Tables of Markdown, and numbers as they stand in them. */

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export const code = (text: string): string => `\`${text}\``;

/** Digits in groups of three; no more digits than the number was given with. */
export const numberText = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: 20 }).replace('-', '−');

/** To so many significant digits, without zeros at the end. */
export const rounded = (value: number, digits: number): string => numberText(Number(value.toPrecision(digits)));

/** A rate of updates, in the unit in which machines are compared. */
export const updatesText = (perSecond: number): string => `${rounded(perSecond / 1e9, 5)} updates/ns`;

/** `2.24 µs`: so many significant digits of a quantity with the prefix that leaves 1 to 999 before the point. */
export function withPrefix(value: number, unit: string, digits: number): string {
  const power = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(Number(value.toPrecision(digits)))) / 3);
  const prefix = ['a', 'f', 'p', 'n', 'µ', 'm', '', 'k', 'M', 'G', 'T'][power + 6];
  if (prefix === undefined) throw new RangeError(`no prefix for ${value} ${unit}`);
  return `${rounded(value / 1000 ** power, digits)} ${prefix}${unit}`;
}

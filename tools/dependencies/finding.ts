/** One broken rule: the file, the line (1-based; 0 for the whole file), the rule's name and what to do. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly message: string;
}

export const formatFinding = ({ file, line, rule, message }: Finding): string =>
  `${line > 0 ? `${file}:${line}` : file}: ${message} [${rule}]`;

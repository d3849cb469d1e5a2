import { InvalidRequestError } from '@isinglass/sdk';
import { expect, it } from 'vitest';
import { errorReport, formatError } from './error-report.ts';

const diagnostic = (message: string, hint?: string) => ({
  code: 'misfit',
  severity: 'error' as const,
  message,
  where: 'stages[1]',
  ...(hint === undefined ? {} : { hint }),
});

it('a person reads what the message leaves out, and each remedy once', () => {
  const diagnostics = [diagnostic('too many spins', 'a smaller block'), diagnostic('too many bits', 'a smaller block')];
  const error = new InvalidRequestError('does not fit: too many spins', { diagnostics });
  expect(formatError(errorReport(error))).toBe(
    'isinglass: does not fit: too many spins\n  misfit stages[1]: too many bits\n  try: a smaller block\n',
  );
});

it('an error without more to say is one line', () => {
  const error = new InvalidRequestError('too many spins', { diagnostics: [diagnostic('too many spins')] });
  expect(formatError(errorReport(error))).toBe('isinglass: too many spins\n');
});

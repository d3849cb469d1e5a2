import { expect, test } from 'vitest';
import { isIsinglassError } from '../errors/isinglass-error.ts';
import { DeviceOptions } from './device-options.ts';

const known = { rng: 'philox or lfsr', clockMHz: 'a whole number from 1', adapter: 'a part of a name' } as const;
const parsed = (uri: string) => new DeviceOptions(uri, { devices: ['emu:toy', 'emu:large'], known });

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (e) {
    if (isIsinglassError(e)) return `${e.code} ${e.message}`;
    throw e;
  }
  return 'accepted';
}

test('the device stands before the question mark, options behind it', () => {
  const options = parsed('emu:toy?rng=lfsr&clockMHz=250&adapter=some%20name');
  expect(options.device).toBe('emu:toy');
  expect(options.oneOf('rng', ['philox', 'lfsr'])).toBe('lfsr');
  expect(options.wholeNumber('clockMHz')).toBe(250);
  expect(options.text('adapter')).toBe('some name');
  expect([options.has('rng'), parsed('emu:toy').has('rng')]).toEqual([true, false]);
});

test('what is not given is undefined', () => {
  const options = parsed('emu:large');
  expect(options.oneOf('rng', ['philox'])).toBeUndefined();
  expect(options.wholeNumber('clockMHz')).toBeUndefined();
  expect(options.decimal('clockMHz')).toBeUndefined();
  expect(options.text('adapter')).toBeUndefined();
});

test('another device is refused with those that there are', () => {
  expect(refusal(() => parsed('emu:huge?rng=lfsr'))).toBe(
    'invalid-request no device "emu:huge"; there are emu:toy, emu:large',
  );
  expect(refusal(() => new DeviceOptions('gpu', { devices: ['webgpu'], known: {} }))).toContain('there is webgpu');
});

test('an unknown option is refused with the known ones, and so is one that is given twice', () => {
  expect(refusal(() => parsed('emu:toy?clock=3'))).toBe(
    'invalid-request emu:toy?clock=3: unknown option "clock"; known: rng, clockMHz, adapter',
  );
  expect(refusal(() => parsed('emu:toy?toString=3'))).toContain('unknown option "toString"');
  expect(refusal(() => parsed('emu:toy?rng=lfsr&rng=lfsr'))).toContain('option rng is given twice');
});

test.each(['0', '-1', '1.5', '1e3', '', ' 1', '1234567890123456', '0x10'])('%j is no whole number from 1', (value) => {
  const uri = `emu:toy?clockMHz=${value}`;
  expect(refusal(() => parsed(uri).wholeNumber('clockMHz'))).toMatch(
    /^invalid-request .*allowed: a whole number from 1$/,
  );
});

test.each([
  ['250', 250],
  ['0', 0],
  ['0.08', 0.08],
  ['007.50', 7.5],
])('%j is a decimal number', (value, number) => {
  expect(parsed(`emu:toy?clockMHz=${value}`).decimal('clockMHz')).toBe(number);
});

test.each(['', '-1', '+1', '.5', '5.', '1e3', 'NaN', 'Infinity', '1,5', '0x10', ' 1'])(
  '%j is no decimal number of at least 0',
  (value) => {
    const uri = `emu:toy?clockMHz=${encodeURIComponent(value)}`;
    expect(refusal(() => parsed(uri).decimal('clockMHz'))).toMatch(
      /^invalid-request .*allowed: a whole number from 1$/,
    );
  },
);

test('a value that is none of those allowed, and an empty text, are refused in words', () => {
  expect(refusal(() => parsed('emu:toy?rng=mt').oneOf('rng', ['philox', 'lfsr']))).toContain(
    'option rng is "mt"; allowed: philox or lfsr',
  );
  expect(refusal(() => parsed('emu:toy?adapter=').text('adapter'))).toContain('allowed: a part of a name');
});

import { expect, test } from 'vitest';
import { parseDeviceUri } from './device-uri.ts';

test('a URI is a scheme, a name and parameters, the last two optional', () => {
  expect(parseDeviceUri('cpu')).toEqual({ scheme: 'cpu', name: undefined, parameters: new Map() });
  expect(parseDeviceUri('cpu:scalar')).toMatchObject({ scheme: 'cpu', name: 'scalar' });
  expect(parseDeviceUri('fpga-sim:conv-m?clockMHz=250&seed=a%20b')).toEqual({
    scheme: 'fpga-sim',
    name: 'conv-m',
    parameters: new Map([
      ['clockMHz', '250'],
      ['seed', 'a b'],
    ]),
  });
  expect(parseDeviceUri('cpu?threads=2').parameters.get('threads')).toBe('2');
  expect(parseDeviceUri('x:/dev/tty0?a=').parameters.get('a')).toBe('');
});

test('after exec: comes a command line, verbatim', () => {
  const command = `python3 'my driver.py' --url=http://x?a=1&a=2`;
  expect(parseDeviceUri(`exec:${command}`)).toEqual({ scheme: 'exec', name: command, parameters: new Map() });
  expect(parseDeviceUri('exec').name).toBeUndefined();
});

test('what is no URI is refused by its fault', () => {
  const invalid = { code: 'invalid-request', where: 'uri' };
  for (const uri of [
    '',
    'CPU',
    ':x',
    'cpu:',
    '1cpu',
    'cpu x',
    'cpu:a b',
    'exec: ',
    'cpu?a',
    'cpu?=1',
    'cpu?a=1&a=2',
    'cpu?a=%',
  ]) {
    expect(() => parseDeviceUri(uri), uri).toThrow(expect.objectContaining(invalid));
  }
});

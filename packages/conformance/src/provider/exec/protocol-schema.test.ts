import { readFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';
import { expect, test } from 'vitest';
import { deviceMessages, hostMessages } from './messages.ts';
import { protocolSchema } from './protocol-schema.ts';

test('the committed JSON Schema is the one that the validators give', async () => {
  const schema = protocolSchema((validator) => ({ ...toJsonSchema(validator, { errorMode: 'ignore' }) }));
  // Regenerate with `vitest run packages/conformance/src/provider/exec/protocol-schema.test.ts -u`.
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../../isinglass-driver-1.schema.json');
});

test('docs/driver-protocol.md shows every message once, in the order of the schema', () => {
  const text = readFileSync(new URL('../../../../../docs/driver-protocol.md', import.meta.url), 'utf8');
  const shown = [...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  expect(shown).toEqual([...Object.keys(hostMessages), ...Object.keys(deviceMessages)]);
});

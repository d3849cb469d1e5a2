import { toJsonSchema } from '@valibot/to-json-schema';
import { expect, test } from 'vitest';
import { deviceProfileSchema } from './device-profile-schema.ts';

test('the committed JSON Schema is the one that the valibot schema gives', async () => {
  const schema = {
    $id: 'urn:isinglass:device-profile:1.0',
    title: 'Isinglass device profile 1.0',
    description: 'A device as data. null: the vendor does not publish the number. Units are in the key names.',
    ...toJsonSchema(deviceProfileSchema, { errorMode: 'ignore' }),
  };
  // Regenerate with `vitest run packages/sdk/src/profile/device-profile-json.test.ts -u`.
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../device-profile.schema.json');
});

/** The JSON Schema of the protocol, put together from the schemas of its messages; a test keeps the committed file equal to it. */
import { deviceMessages, hostMessages, protocolName } from './messages.ts';

type Json = Readonly<Record<string, unknown>>;

/** `convert` turns one validator into JSON Schema. */
export function protocolSchema(convert: (validator: never) => Json): Json {
  const of = (messages: Readonly<Record<string, unknown>>): Json =>
    Object.fromEntries(
      Object.entries(messages).map(([name, validator]) => {
        const { $schema: _, ...schema } = convert(validator as never);
        return [name, schema];
      }),
    );
  const refs = (messages: object) => Object.keys(messages).map((name) => ({ $ref: `#/$defs/${name}` }));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `urn:isinglass:driver-protocol:${protocolName.split('/')[1]}`,
    title: protocolName,
    description:
      'One message of the Driver contract over standard input and output. A message is one line of JSON; the bytes of its parts follow the ' +
      'newline in order. Spins are packed u32 words, sums i32, image numbers, rows and temperatures u32, all little-endian; programs are .isg files. ' +
      'The profile of welcome is described by urn:isinglass:device-profile:1.0.',
    anyOf: [{ $ref: '#/$defs/fromHost' }, { $ref: '#/$defs/fromDevice' }],
    $defs: {
      fromHost: { anyOf: refs(hostMessages) },
      fromDevice: { anyOf: refs(deviceMessages) },
      ...of(hostMessages),
      ...of(deviceMessages),
    },
  };
}

/** How the conformance suite opens the machine. `unavailable(reason)` says that there is none here; anything thrown is a failure. */
import { defineProvider } from '@isinglass/conformance';
import { silentLogger } from '@isinglass/sdk';
import backend from './src/backend.ts';

export default defineProvider({
  create: ({ signal }) => backend.open('my-machine', { logger: silentLogger, signal }),
});

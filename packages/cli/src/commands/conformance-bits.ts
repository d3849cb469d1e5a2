/** `isinglass conformance bits`: the random bits of a device for batteries of tests such as PractRand and TestU01. */
import { InvalidRequestError } from '@isinglass/sdk';
import { type Command, Option } from 'commander';
import { byteCount, integer, seed } from '../arguments/numbers.ts';
import type { CommandContext, ContextOf, GlobalOptions } from '../command-context.ts';
import { type DeviceFlags, deviceUnderTest, providerFlag } from '../conformance/device-under-test.ts';
import { endSoon } from '../conformance/end-soon.ts';
import { conformance } from '../conformance/suite.ts';
import { openOutput } from '../output/output-stream.ts';
import { startProgress } from '../output/progress.ts';
import { formatCount } from '../output/table.ts';
import { checkWritable } from '../output/write-file.ts';

interface BitsFlags extends DeviceFlags, GlobalOptions {
  readonly out?: string;
  readonly bytes?: number;
  readonly seed?: bigint;
  readonly order: 'spin' | 'interleaved';
  readonly reversed: boolean;
  readonly deadline?: number;
}

export function addConformanceBitsCommand(group: Command, contextOf: ContextOf): void {
  const order = new Option('--order <order>', 'the bits of one spin after another, or all spins of a sample in turn');
  group
    .command('bits')
    .description('write the zero-field bits of a device, for batteries of tests of random numbers')
    .option('--device <uri>', 'the device under test, by its raw driver (default: cpu)')
    .option('--provider <module>', 'a module whose default export is a provider (defineProvider)')
    .option('--flag <name=value>', 'handed to the provider (repeatable)', providerFlag, {})
    .option('--out <file>', 'write them here (default: standard output, for a pipe)')
    .option('--bytes <n>', 'how many, such as 64G (default, for a pipe: until its reader has enough)', byteCount)
    .addOption(order.choices(['spin', 'interleaved']).default('spin'))
    .option('--reversed', 'the first bit of a byte is its highest instead of its lowest', false)
    .option('--seed <n>', 'seed of the runs, 64 bits (default: random, printed)', seed)
    .option('--deadline <seconds>', 'how long one call of the device may take (default: 30)', integer(1))
    .addHelpText('after', examples)
    .action((_, command: Command) => bits(command.optsWithGlobals(), contextOf(command)));
}

async function bits(flags: BitsFlags, context: CommandContext): Promise<void> {
  checkOutput(flags);
  const { randomSeed, seedText, zeroFieldBits } = await conformance();
  const { signal } = context;
  const { provider, name, flags: providerFlags } = await deviceUnderTest(flags, context);
  const { out, bytes, order, reversed: bitReversed, seed: bitSeed = randomSeed(), deadline } = flags;
  process.stderr.write(`${name}, order ${order}${bitReversed ? ', reversed' : ''}, seed ${seedText(bitSeed)}\n`);
  const progress = bytes === undefined ? undefined : startProgress({ total: bytes, unit: 'bytes' });
  const output = await openOutput(out);
  let written = 0;
  try {
    await zeroFieldBits({
      provider,
      flags: providerFlags,
      order,
      bitReversed,
      seed: bitSeed,
      signal,
      ...(bytes === undefined ? {} : { bytes }),
      ...(deadline === undefined ? {} : { callMs: 1000 * deadline }),
      async write(chunk) {
        await output.write(chunk);
        written += chunk.length;
        progress?.update(written, name);
      },
    });
    await output.finish();
  } catch (error) {
    output.discard();
    // A reader that has seen enough is no failure of this command.
    if (!(out === undefined && (error as NodeJS.ErrnoException | null)?.code === 'EPIPE')) throw error;
  } finally {
    progress?.stop();
    endSoon();
  }
  if (out === undefined) return;
  const result = { out, bytes: written, device: name, order, bitReversed, seed: seedText(bitSeed) };
  context.result(result, () => `${formatCount(written)} bytes in ${out}\n`);
}

/** Before any work is done: that the bits have a place, and an end where it cannot say that it has enough. */
function checkOutput({ out, bytes, json }: BitsFlags): void {
  const wrong = (message: string, where: string) => new InvalidRequestError(message, { where });
  if (out !== undefined) {
    if (bytes === undefined)
      throw wrong('--out takes all that comes: say how much with --bytes, such as 64G', '--bytes');
    checkWritable(out);
    return;
  }
  if (json) throw wrong('--json and the bits do not both fit on standard output: add --out FILE', '--json');
  if (process.stdout.isTTY) throw wrong('the bits are not for a terminal: add --out FILE, or a pipe', '--out');
}

const examples = `
Examples:
  isinglass conformance bits --device cpu --seed 1 | RNG_test stdin
  isinglass conformance bits --device cpu --seed 1 --order interleaved --reversed | RNG_test stdin
  isinglass conformance bits --provider ./isinglass.conformance.ts --bytes 64G --out bits.bin

There is no verdict: a bias inside a declared band fails such a battery, and rightly so. Both orders, both directions, and at
least four seeds make a test.`;

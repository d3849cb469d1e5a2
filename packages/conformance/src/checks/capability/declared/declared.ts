/** Something that a profile may declare, and the minimal program that shows it. */
import { checkFit, type DeviceProfile, type Program } from '@isinglass/sdk';
import { loadProgram, readBanks } from '../../../lab/block-run.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { RandomStream } from '../../../random/random-stream.ts';
import { certainAnswer } from '../../certain-answer.ts';
import type { Finding } from '../../check.ts';
import type { CheckContext } from '../../check-context.ts';
import { sameNumbers } from '../../findings.ts';

export interface Declared {
  readonly feature: string;
  isDeclared(profile: DeviceProfile): boolean;
  answer(c: CheckContext, lab: Lab, random: RandomStream): Promise<readonly Finding[]>;
}

/** Loads a program whose every update is certain, and compares all free banks with what the suite's law says. */
export async function certainProgram(
  lab: Lab,
  random: RandomStream,
  o: {
    readonly program: Program;
    readonly inputs?: Readonly<Record<string, Int8Array>>;
    readonly gains?: Readonly<Record<string, number>>;
    readonly votes: number;
  },
): Promise<readonly Finding[]> {
  const on = await loadProgram(lab, o.program);
  const { program, ...run } = o;
  const expected = certainAnswer(program, o);
  const seen = await readBanks(on, { ...run, seed: random.bits64() });
  await lab.unload(on.loaded);
  return Object.entries(expected).map(([bank, values]) =>
    sameNumbers(`bank ${bank}`, values, seen[bank] ?? new Int8Array()),
  );
}

/** The first program that the profile's limits leave room for. */
export const firstThatFits = (programs: readonly Program[], profile: DeviceProfile): Program | undefined =>
  programs.find((program) => checkFit(program, profile).every(({ available }) => available === null));

/** A program that a device says it cannot hold: for what failed loads leave behind. */
import { createProgram, type Driver, type Program, type ProgramJson } from '@isinglass/sdk';

const found = new WeakMap<Driver, Program | null>();

/** The first of several unreasonable programs that plan() refuses, or undefined where none is refused. Asked once per device. */
export function misfitProgram(driver: Driver): Program | undefined {
  const known = found.get(driver) ?? firstRefused(driver) ?? null;
  found.set(driver, known);
  return known ?? undefined;
}

function firstRefused(driver: Driver): Program | undefined {
  const { spins, law } = driver.profile;
  const kind = law.includes('fixed') ? 'fixed' : 'real';
  const counts = [...(typeof spins.max === 'number' ? [spins.max + 1] : []), 2 ** 26, 2 ** 31];
  for (const count of counts) {
    const program = emptyProgram(count, kind);
    if (!('blocks' in driver.plan(program))) return program;
  }
  return undefined;
}

/** One bank of free spins without couplings and fields: small as a file, large on a machine. */
function emptyProgram(spins: number, law: 'fixed' | 'real'): Program {
  const json: ProgramJson = {
    irVersion: '1.0',
    features: [law],
    name: `${spins} spins`,
    provenance: {},
    law: { kind: law },
    inputs: [],
    outputs: [],
    stages: [
      {
        kind: 'block',
        id: 'block',
        index: 0,
        banks: [{ id: 'a', role: 'free', shape: [spins], color: 0 }],
        gains: [],
        couplings: [],
        biases: [],
        readouts: [{ id: 'read', bank: 'a', observable: 'spin-sum', tie: 1 }],
        schedule: { sweeps: 1, burnIn: 0, stride: 1, chains: 1, colors: [0], init: 'random', beta: 1 },
        ...(law === 'fixed' ? { fixed: { fractionBits: 9, beta: 1 } } : {}),
      },
    ],
  };
  return createProgram(json, new Map());
}

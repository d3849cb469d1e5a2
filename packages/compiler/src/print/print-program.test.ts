import { describe, expect, it } from 'vitest';
import { oneBlockModel } from '../../test/support/imported-model.ts';
import { randomBlockModel } from '../../test/support/random-block-model.ts';
import { compileImported } from '../compile-imported.ts';
import { readEdgeList } from '../ising/edge-list.ts';
import { isingProgram } from '../ising/ising-program.ts';
import type { CompileOptions } from '../options/compile-options.ts';
import { printProgram } from './print-program.ts';

const model = randomBlockModel({
  seed: 5,
  kind: 'conv',
  rank: 1,
  groups: 1,
  channels: [1, 2, 1],
  size: [6],
  kernel: [3],
  stride: [2],
  dilation: [1],
  padBegin: [1],
  padEnd: [1],
  skip: 'conv',
  bias: false,
  shift: 'channel',
});

async function printed(options: CompileOptions): Promise<readonly string[]> {
  const { program } = await compileImported(oneBlockModel(model), options);
  return printProgram(program).split('\n');
}

/** The lines of `after` that `before` does not have. */
function added(before: readonly string[], after: readonly string[]): readonly string[] {
  return after.filter((line) => !before.includes(line));
}

describe('a printed program', () => {
  it('has one fact per line', async () => {
    const { program } = await compileImported(oneBlockModel(model), { law: 'fixed', delta: 0.2 });
    expect(`\n${printProgram(program)}`).toMatchInlineSnapshot(`
      "
      program "one-block" 1.0 fixed law
      hash e52d5645bfef0bcf3446c9200dbc30b2b6d464dea9bd9ef575e562857614cdab
      features border conv fixed runtime-gain
      provenance compiler "@isinglass/compiler 0.1.0"
      provenance producer "test"
      provenance opset 17
      provenance options {"delta":0.2,"law":"fixed"}
      input "x" spin [batch, 1, 6]
      output "y" spin [batch, 1, 3]

      block block1 index 0
        fixed fractionBits 9 beta 1
        bank s0 pinned [1, 6] at "x"
        bank s1 free [2, 3] color 0
        bank s2 free [1, 3] color 1
        gain one 1
        gain delta 0.2 runtime
        coupling k1 s0 to s1 gain one scale 0.01972538947735665
          conv strides 2 pads 1 1 dilations 1 groups 1
          kernel block1.k1.kernel I8 [2, 1, 3] -38 … 62, 0 zeros, 671dfad8ff9a
          constraint {"weightBits":7}
        coupling k2 s1 to s2 gain delta scale 0.31327869717230783
          conv strides 1 pads 1 1 dilations 1 groups 1
          kernel block1.k2.kernel I8 [1, 2, 3] -63 … -2, 0 zeros, f30ae0ecf99f
          constraint {"weightBits":7}
        coupling k3 s0 to s2 gain delta scale 0.3571927193430757
          conv strides 2 pads 0 0 dilations 1 groups 1
          kernel block1.k3.kernel I8 [1, 1, 2] -1 … 8, 0 zeros, c92754015d9d
          constraint {"weightBits":7}
        bias s1 border gain one
          values block1.s1.bias F32 [2, 2] -0.016640357673168182 … 1.1315678358078003, 0 zeros, d7d365e27f83
          starts 0 1
        bias s2 spin gain delta
          values block1.s2.bias F32 [1, 3] 7.567190170288086 … 15.749078750610352, 0 zeros, 25b08ff38619
        readout y s2 spin-sum tie 1 signs "y"
        schedule sweeps 187 burnIn 46 stride 1 chains 1 start random
        colors 0 1
        beta 1
      "
    `);
  });

  it('differs in the lines of what differs', async () => {
    const before = await printed({});
    expect(await printed({})).toEqual(before);
    expect(added(before, await printed({ sweeps: 24 })).filter((line) => !/^(hash|provenance)/.test(line))).toEqual([
      '  schedule sweeps 24 burnIn 6 stride 1 chains 1 start random',
    ]);
    const fewerBits = added(before, await printed({ weightBits: 3 }));
    expect(fewerBits.filter((line) => /^ +kernel/.test(line))).toHaveLength(3);
    expect(fewerBits.filter((line) => /^ +(values|starts)/.test(line))).toEqual([]);
  });

  it('shows sparse couplings, color maps and β schedules', () => {
    const beta = [
      { sweep: 1, beta: 0.5 },
      { sweep: 9, beta: 1 },
    ];
    const { program } = isingProgram(readEdgeList('0 1 1\n1 2 -1\n2 0.5'), { name: 'chain', beta });
    expect(`\n${printProgram(program)}`).toMatchInlineSnapshot(`
      "
      program "chain" 1.0 fixed law
      hash 33c05a4830829e1e9ceab05b840a30c49458143b727f35b462abd3eacd1d635d
      features color-map fixed sparse temperature
      provenance compiler "@isinglass/compiler 0.1.0"
      output "signs" spin [batch, 3]

      block ising index 0
        fixed fractionBits 9 beta 1
        bank s free [3] colors s.colors U16 [3] 0 … 1, 1 zeros, a90d4563c6a0
        gain one 1
        coupling j s to s gain one scale 1
          sparse rowStart j.rowStart U32 [4] 0 … 2, 1 zeros, dd840fb42246
          sparse column j.column U32 [2] 1 … 2, 0 zeros, 34fb5c825de7
          sparse value j.value I8 [2] -1 … 1, 0 zeros, 4b3a43f592f5
          constraint {"weightBits":8}
        bias s spin gain one
          values s.bias F32 [3] 0 … 0.5, 2 zeros, 8ed97f477786
        readout y s spin-sum tie 1 signs "signs"
        schedule sweeps 187 burnIn 46 stride 1 chains 1 start random
        colors 0 1
        beta 0.5 from sweep 1
        beta 1 from sweep 9
      "
    `);
  });
});

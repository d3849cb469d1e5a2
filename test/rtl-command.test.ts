/** What `isinglass rtl` asks of the package that writes SystemVerilog is what that package has: neither depends on the other, and no compiler looks at both. */
import * as rtl from '@isinglass/backend-fpga-sim/rtl';
import { expect, test } from 'vitest';
import type { RtlPackage } from '../packages/cli/src/rtl/rtl-package.ts';

test('the entry of the package is what the command asks for', () => {
  const asked: RtlPackage = rtl;
  expect(Object.keys(asked)).toEqual(expect.arrayContaining(['rtlProject', 'rtlTarget']));
});

/** Checks of the chapter readout. */
import type { Check } from './check.ts';
import { outAgree } from './readout/out-agree.ts';
import { outAlign } from './readout/out-align.ts';
import { outConditional } from './readout/out-conditional.ts';
import { outConditionalLaw } from './readout/out-conditional-law.ts';
import { outOrder } from './readout/out-order.ts';
import { outParity } from './readout/out-parity.ts';
import { outSign } from './readout/out-sign.ts';
import { outTie } from './readout/out-tie.ts';
import { outTraceBits } from './readout/out-trace-bits.ts';
import { outTraceLaw } from './readout/out-trace-law.ts';
import { outWindow } from './readout/out-window.ts';

export const readoutChecks: readonly Check[] = [
  outParity,
  outWindow,
  outAlign,
  outSign,
  outTie,
  outOrder,
  outAgree,
  outConditional,
  outConditionalLaw,
  outTraceBits,
  outTraceLaw,
];

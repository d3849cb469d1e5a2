/** The cells of three families of parts by what a table of resources counts. */
import { RtlError } from './rtl-design.ts';

/** Small (iCE40), middle (ECP5), and large parts (UltraScale+). */
export type SynthesisTarget = 'ice40' | 'ecp5' | 'xcup';

/**
 * `lut`: look-up tables that compute, of up to 4 inputs (iCE40, ECP5) or 6; `lutRam`: look-up tables that hold memories or shift registers;
 * `ff`: flip-flops; `carry`: bits of carry chains; `bram`: block memories of 4 kbit (iCE40), 18 kbit (both others; RAMB36 counts as two);
 * `dsp`: multipliers; `mux`: multiplexers between look-up tables, which cost none.
 */
export type CellKind = 'lut' | 'lutRam' | 'ff' | 'carry' | 'bram' | 'uram' | 'dsp' | 'mux';

/** No pads: a part lies inside a machine, and a machine behind a bus. No multiplexers between look-up tables: areas are compared in plain ones. */
export const synthesisCommands: Readonly<Record<SynthesisTarget, string>> = {
  ice40: 'synth_ice40',
  ecp5: 'synth_ecp5 -nowidelut',
  xcup: 'synth_xilinx -family xcup -noiopad -noclkbuf -nowidelut',
};

/** A pattern of cell types, and what one such cell counts as. */
type Row = readonly [types: RegExp, counts: Partial<Record<CellKind, number>>];

const nothing = {};

const rows: Readonly<Record<SynthesisTarget, readonly Row[]>> = {
  ice40: [
    [/^SB_LUT4$/, { lut: 1 }],
    [/^SB_DFF/, { ff: 1 }],
    [/^SB_CARRY$/, { carry: 1 }],
    [/^SB_RAM40_4K/, { bram: 1 }],
    [/^SB_MAC16$/, { dsp: 1 }],
  ],
  ecp5: [
    [/^LUT4$/, { lut: 1 }],
    // Two bits of a chain, in two look-up tables.
    [/^CCU2C$/, { carry: 2, lut: 2 }],
    [/^TRELLIS_FF$/, { ff: 1 }],
    // 16 words of 4 bits: four look-up tables hold them, two drive their ports.
    [/^TRELLIS_DPR16X4$/, { lutRam: 6 }],
    [/^DP16KD$|^PDPW16KD$/, { bram: 1 }],
    [/^MULT18X18D$/, { dsp: 1 }],
    [/^PFUMX$|^L6MUX21$/, { mux: 1 }],
  ],
  xcup: [
    [/^LUT[1-6]$|^LUT6_2$/, { lut: 1 }],
    [/^INV$/, { lut: 1 }],
    [/^FD[RSCP]E(_1)?$/, { ff: 1 }],
    [/^CARRY4$/, { carry: 4 }],
    [/^CARRY8$/, { carry: 8 }],
    [/^RAMB18E2$/, { bram: 1 }],
    [/^RAMB36E2$/, { bram: 2 }],
    [/^URAM288/, { uram: 1 }],
    [/^DSP48E2$/, { dsp: 1 }],
    [/^SRL16E$|^SRLC32E$|^RAM(32|64)X1S$/, { lutRam: 1 }],
    [/^RAM(32|64)X1D$|^RAM128X1S$/, { lutRam: 2 }],
    [/^RAM128X1D$|^RAM256X1S$|^RAM(32|64)M$/, { lutRam: 4 }],
    [/^RAM(32M16|32X16DR8|64M8|256X1D|512X1S)$/, { lutRam: 8 }],
    [/^MUXF[789]$/, { mux: 1 }],
    [/^[IO]BUF$|^BUFG$/, nothing],
  ],
};

/** Throws RtlError for a type of cell that the tables lack: a table of resources never leaves out what it does not know. */
export function cellKinds(
  cells: Readonly<Record<string, number>>,
  target: SynthesisTarget,
): Readonly<Record<CellKind, number>> {
  const kinds = { lut: 0, lutRam: 0, ff: 0, carry: 0, bram: 0, uram: 0, dsp: 0, mux: 0 };
  for (const [type, count] of Object.entries(cells)) {
    // What Yosys keeps of the source's structure is no hardware.
    if (type === '$scopeinfo') continue;
    const row = rows[target].find(([types]) => types.test(type));
    if (row === undefined) throw new RtlError('yosys', `${count} cells ${type} of ${target} are of no known kind`);
    for (const [kind, each] of Object.entries(row[1])) kinds[kind as CellKind] += each * count;
  }
  return kinds;
}

/** Faults beyond the catalogue: programs that replace each other, memory that is written, errors, counters, files. */
import { errorsWithoutCode, feedForwardIgnored, flipsDoubled } from '../capability-faults.ts';
import { type LastLoad, lastProgramRuns, lentSpinsWiped } from '../memory-faults.ts';
import { offsetsIgnored, roundedDown } from '../weight-faults.ts';
import { planted } from './planted.ts';

/** Of all devices of the fault `devices-share-program`. */
const sharedLoad: LastLoad = {};

export const faultsBeyond = [
  planted({
    id: 'not-exact',
    title: 'A device that claims exact bits has a β that is 0.05 % too large.',
    effect: 'β +0.05 %',
    killedBy: { quick: ['exact.bits'] },
    blind: ['every check of the law'],
    make: [{ kind: 'beta-scale', factor: 1.0005 }],
  }),
  planted({
    id: 'M49/start',
    title: 'Feed-forward starts are declared, and random ones are made.',
    effect: 'total',
    killedBy: { quick: ['cap.declared'] },
    blind: ['random starts'],
    make: feedForwardIgnored,
  }),
  planted({
    id: 'M15/told',
    title: 'Fields are rounded down to eighths of k_B·T where any field is declared, and told of as they are.',
    effect: 'fields by up to 0.125 k_B·T',
    killedBy: { quick: ['quant.readback'] },
    blind: ['quant.law'],
    make: () => roundedDown(0.125),
  }),
  planted({
    id: 'programs-replaced',
    title: 'There is room for one program: runs of those loaded before are runs of the last one.',
    effect: 'total',
    killedBy: { quick: ['load.resident'] },
    blind: ['one program at a time'],
    make: () => lastProgramRuns({}),
  }),
  planted({
    id: 'devices-share-program',
    title: 'Devices that are open at the same time run the program that was loaded last by any of them.',
    effect: 'total',
    killedBy: { quick: ['life.isolation'] },
    blind: ['one device at a time'],
    make: () => lastProgramRuns(sharedLoad),
  }),
  planted({
    id: 'inputs-written',
    title: 'Pinned spins that were lent for a run are wiped after it.',
    effect: 'total',
    killedBy: { quick: ['load.borrowed'] },
    blind: ['runs without pins'],
    make: lentSpinsWiped,
  }),
  planted({
    id: 'file-offsets',
    title: 'Tensors are read from the beginning of their memory: programs that were read from a file are torn.',
    effect: 'total',
    killedBy: { quick: ['ser.roundtrip'] },
    blind: ['programs that were made in memory'],
    make: offsetsIgnored,
  }),
  planted({
    id: 'flips-doubled',
    title: 'Twice as many flips are counted as there were.',
    effect: '× 2',
    killedBy: { quick: ['obs.counters'] },
    blind: ['every check of the law'],
    make: flipsDoubled,
  }),
  planted({
    id: 'errors-without-code',
    title: 'What goes wrong in a run is told by an error without name and code.',
    effect: 'total',
    killedBy: { quick: ['obs.errors', 'life.closed'] },
    blind: ['runs that succeed'],
    make: errorsWithoutCode,
  }),
];

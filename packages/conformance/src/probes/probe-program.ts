/** A disguised probe as a program of one block. */
import { type Coupling, createProgram, type DeviceProfile, type Program, type ProgramTensor } from '@isinglass/sdk';
import type { Disguise } from './disguise.ts';
import type { Edge, Probe } from './probe.ts';

export interface ProbeProgramOptions {
  readonly law: 'fixed' | 'real';
  /** Default 9, or the nearest that the profile has. */
  readonly fractionBits?: number;
  readonly tie?: 1 | -1;
}

/** Ids of the banks of a probe: by color, or both colors in one; the pinned spins. */
export const bankIds = { colors: ['a', 'b'], both: 's', pinned: 'p' } as const;

export const bankOf = (probe: Probe, { layout }: Disguise, spin: number): string =>
  layout === 'one-bank' ? bankIds.both : (bankIds.colors[probe.colors[spin] as 0 | 1] as string);

/** Free banks of the program with their numbers of spins, in declared order. Colors without spins have no bank. */
export function freeBanks(
  probe: Probe,
  disguise: Disguise,
): readonly { readonly id: string; readonly spins: number }[] {
  const counts = new Map<string, number>();
  for (const id of disguise.layout === 'one-bank' ? [bankIds.both] : bankIds.colors) counts.set(id, 0);
  for (const spin of probe.colors.keys()) {
    const id = bankOf(probe, disguise, spin);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return [...counts].filter(([, spins]) => spins > 0).map(([id, spins]) => ({ id, spins }));
}

export function probeProgram(
  probe: Probe,
  disguise: Disguise,
  profile: DeviceProfile,
  o: ProbeProgramOptions,
): Program {
  const tensors = new Map<string, ProgramTensor>();
  const banks = freeBanks(probe, disguise);
  const byChannel = profile.bias.granularity === 'channel';
  const shapeOf = (spins: number): number[] => (disguise.form === 'conv' || byChannel ? [spins, 1] : [spins]);
  // What a run does without further arguments, which the device must be able to.
  const stride = Math.max(1, profile.readout.strideMin);
  const init = profile.init.some((start) => start === 'random' || start === 'given') ? 'random' : 'feed-forward';
  const { observables } = profile.readout;
  const observable = observables.includes('spin-sum') ? 'spin-sum' : (observables[0] ?? 'spin-sum');
  const temperature = (probe.beta ?? 1) as number;
  const fixed = o.law === 'fixed';
  const limits = profile.field.fractionBits;
  const fractionBits = Math.min(limits?.max ?? 12, Math.max(limits?.min ?? 4, o.fractionBits ?? 9));
  const colorsUsed = [...new Set(probe.colors)].sort();
  const oneBank = disguise.layout === 'one-bank';
  if (oneBank) {
    const map = new Uint16Array(probe.colors.length);
    for (const [spin, color] of probe.colors.entries()) map[disguise.place[spin] as number] = color;
    tensors.set('colors', { dtype: 'U16', shape: shapeOf(map.length), data: map });
  }
  const couplings = couplingsOf(probe, disguise, fixed, tensors);
  const biases = [
    ...banks.map(({ id, spins }) => ({ bank: id, ...fieldsOf(probe, disguise, id, spins) })),
    ...(probe.pinnedFields === undefined ? [] : [{ bank: bankIds.pinned, ...pinnedFieldsOf(probe, disguise) }]),
  ].map(({ bank, values }) => {
    const name = `h-${bank}`;
    const shape = byChannel ? [values.length] : shapeOf(values.length);
    tensors.set(name, { dtype: 'F32', shape, data: values });
    const form = byChannel ? ('channel' as const) : ('spin' as const);
    return { bank, gain: 'one', values: { tensor: name }, form };
  });
  const used = new Set<string>([o.law, ...couplings.map(({ form }) => form.kind)]);
  if (oneBank) used.add('color-map');
  if (observable !== 'spin-sum') used.add(observable);
  if (init !== 'random') used.add(init);
  return createProgram(
    {
      irVersion: '1.0',
      features: [...used].sort() as Program['json']['features'],
      name: 'probe',
      provenance: {},
      law: { kind: o.law },
      inputs: probe.pinned === 0 ? [] : [{ name: 'x', dtype: 'spin', shape: ['batch', ...shapeOf(probe.pinned)] }],
      outputs: [],
      stages: [
        {
          kind: 'block',
          id: 'block',
          index: 0,
          banks: [
            ...(probe.pinned === 0
              ? []
              : [{ id: bankIds.pinned, role: 'pinned' as const, shape: shapeOf(probe.pinned), value: 'x' }]),
            ...banks.map(({ id, spins }) =>
              oneBank
                ? { id, role: 'free' as const, shape: shapeOf(spins), colorMap: { tensor: 'colors' } }
                : {
                    id,
                    role: 'free' as const,
                    shape: shapeOf(spins),
                    color: (bankIds.colors as readonly string[]).indexOf(id),
                  },
            ),
          ],
          gains: [{ id: 'one', value: 1, runtime: false }],
          couplings,
          biases,
          readouts: banks.map(({ id }) =>
            observable === 'state'
              ? { id: `read-${id}`, bank: id, observable, tie: o.tie ?? 1 }
              : { id: `read-${id}`, bank: id, observable, tie: o.tie ?? 1 },
          ),
          schedule: {
            sweeps: stride,
            burnIn: 0,
            stride,
            chains: 1,
            colors: colorsUsed,
            init,
            beta: temperature,
          },
          ...(fixed ? { fixed: { fractionBits, beta: temperature } } : {}),
        },
      ],
    },
    tensors,
  );
}

function couplingsOf(
  probe: Probe,
  disguise: Disguise,
  fixed: boolean,
  tensors: Map<string, ProgramTensor>,
): Coupling[] {
  const { layout, place, pinnedPlace, sign, pinnedSign } = disguise;
  const free = probe.edges.map(({ a, b, w }): Edge => {
    const value = w * (sign[a] as number) * (sign[b] as number);
    const [from, to] =
      layout === 'one-bank'
        ? [Math.min(p(a), p(b)), Math.max(p(a), p(b))]
        : probe.colors[a] === 0
          ? [p(a), p(b)]
          : [p(b), p(a)];
    return { a: from, b: to, w: value };
  });
  function p(spin: number): number {
    return place[spin] as number;
  }
  const pinned = probe.pinnedEdges.map(({ free: spin, pinned: n, w }) => ({
    bank: bankOf(probe, disguise, spin),
    edge: { a: pinnedPlace[n] as number, b: p(spin), w: w * (sign[spin] as number) * (pinnedSign[n] as number) },
  }));
  const spinsIn = new Map(freeBanks(probe, disguise).map(({ id, spins }) => [id, spins]));
  const add = (
    id: string,
    from: string,
    to: string,
    sizes: readonly [number, number],
    edges: readonly Edge[],
  ): Coupling => ({
    id,
    from,
    to,
    gain: 'one',
    form: formOf(id, from === to ? 'sparse' : disguise.form, {
      edges,
      sizes,
      within: from === to,
      fixed,
      scale: probe.scale,
      tensors,
    }),
    ...(fixed ? { scale: probe.scale } : {}),
  });
  const couplings: Coupling[] = [];
  if (free.length > 0) {
    const [from, to] = layout === 'one-bank' ? [bankIds.both, bankIds.both] : bankIds.colors;
    couplings.push(add('free', from, to, [spinsIn.get(from) as number, spinsIn.get(to) as number], free));
  }
  for (const [bank, spins] of spinsIn) {
    const edges = pinned.filter((each) => each.bank === bank).map(({ edge }) => edge);
    if (edges.length > 0) couplings.push(add(`pins-${bank}`, bankIds.pinned, bank, [probe.pinned, spins], edges));
  }
  return couplings;
}

function formOf(
  id: string,
  kind: Disguise['form'],
  o: {
    /** `a` in the giving bank, `b` in the receiving one. */
    readonly edges: readonly Edge[];
    readonly sizes: readonly [from: number, to: number];
    readonly within: boolean;
    readonly fixed: boolean;
    readonly scale: number;
    readonly tensors: Map<string, ProgramTensor>;
  },
): Coupling['form'] {
  const [from, to] = o.sizes;
  const values = (numbers: readonly number[]): Pick<ProgramTensor, 'dtype' | 'data'> =>
    o.fixed
      ? { dtype: 'I8', data: Int8Array.from(numbers) }
      : { dtype: 'F32', data: Float32Array.from(numbers, (w) => w * o.scale) };
  if (kind === 'sparse') {
    // Rows are `to`; within a bank each pair is stored once, row < column.
    const rows = Array.from({ length: to }, (): Edge[] => []);
    for (const edge of o.edges) (rows[o.within ? edge.a : edge.b] as Edge[]).push(edge);
    const column = ({ a, b }: Edge): number => (o.within ? b : a);
    for (const row of rows) row.sort((x, y) => column(x) - column(y));
    const sorted = rows.flat();
    let end = 0;
    const starts = [0, ...rows.map((row) => (end += row.length))];
    o.tensors.set(`${id}-rows`, { dtype: 'U32', shape: [to + 1], data: Uint32Array.from(starts) });
    o.tensors.set(`${id}-columns`, { dtype: 'U32', shape: [sorted.length], data: Uint32Array.from(sorted, column) });
    o.tensors.set(`${id}-values`, { shape: [sorted.length], ...values(sorted.map(({ w }) => w)) });
    return {
      kind,
      rowStart: { tensor: `${id}-rows` },
      column: { tensor: `${id}-columns` },
      value: { tensor: `${id}-values` },
    };
  }
  const matrix = new Array<number>(to * from).fill(0);
  for (const { a, b, w } of o.edges) matrix[b * from + a] = w;
  if (kind === 'dense') {
    o.tensors.set(`${id}-matrix`, { shape: [to, from], ...values(matrix) });
    return { kind, matrix: { tensor: `${id}-matrix` } };
  }
  // A convolution with one tap on maps of one pixel is a matrix.
  o.tensors.set(`${id}-kernel`, { shape: [to, from, 1], ...values(matrix) });
  return { kind, kernel: { tensor: `${id}-kernel` }, strides: [1], pads: [0, 0], dilations: [1], groups: 1 };
}

function fieldsOf(
  probe: Probe,
  disguise: Disguise,
  bank: string,
  spins: number,
): { values: Float32Array<ArrayBuffer> } {
  const values = new Float32Array(spins);
  for (const [spin, h] of probe.fields.entries()) {
    if (bankOf(probe, disguise, spin) === bank) {
      values[disguise.place[spin] as number] = h * (disguise.sign[spin] as number);
    }
  }
  return { values };
}

function pinnedFieldsOf(probe: Probe, disguise: Disguise): { values: Float32Array<ArrayBuffer> } {
  const values = new Float32Array(probe.pinned);
  for (const [n, h] of (probe.pinnedFields ?? []).entries()) {
    values[disguise.pinnedPlace[n] as number] = h * (disguise.pinnedSign[n] as number);
  }
  return { values };
}

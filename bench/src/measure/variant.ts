/** How an Isinglass device runs a workload: what a row's `variant` names. */
import { InvalidRequestError, parseDeviceUri } from '@isinglass/sdk';

export interface Variant {
  /** Kernels of the `cpu` device; null: another device, or the device's own choice. */
  readonly simd: 'baseline' | 'relaxed' | null;
  readonly weightBits: number;
  /** Images or chains; null: all of the workload. */
  readonly rows: number | null;
  readonly observable: 'spin-sum' | 'conditional-sum';
}

const standard: Variant = { simd: 'relaxed', weightBits: 7, rows: null, observable: 'spin-sum' };
const relaxedAndBaseline: readonly Variant[] = [standard, { ...standard, simd: 'baseline' }];
const fewRows: readonly Variant[] = [
  { ...standard, rows: 8 },
  { ...standard, rows: 1 },
];

/** What is asked of each target, in the order of the table. */
export const variantsOf: Readonly<Record<string, readonly Variant[]>> = {
  W1: [
    ...relaxedAndBaseline,
    { ...standard, weightBits: 6 },
    { ...standard, weightBits: 5 },
    { ...standard, observable: 'conditional-sum' },
    ...fewRows,
  ],
  W2: [...relaxedAndBaseline, ...fewRows],
  W3: [...relaxedAndBaseline, ...fewRows],
  W4: [...relaxedAndBaseline, ...fewRows],
  W5: [...relaxedAndBaseline, ...fewRows],
  B7: [...relaxedAndBaseline, ...fewRows],
};

/** For what has no entry of its own. */
export const variantsDefault: readonly Variant[] = [standard];

/** `relaxed`, `baseline`, `relaxed-5bit`, `relaxed-8rows`, `relaxed-conditional`; `standard` where nothing is special. */
export function variantName({ simd, weightBits, rows, observable }: Variant): string {
  const parts = [
    simd,
    weightBits === standard.weightBits ? null : `${weightBits}bit`,
    rows === null ? null : `${rows}${rows === 1 ? 'row' : 'rows'}`,
    observable === standard.observable ? null : 'conditional',
  ];
  return parts.filter((part) => part !== null).join('-') || 'standard';
}

/** Every name that a row can have: with kernels of the `cpu` device, and without for any other. */
export const variantNames: readonly string[] = [
  ...new Set(
    [...Object.values(variantsOf).flat(), ...variantsDefault].flatMap((variant) => [
      variantName(variant),
      variantName({ ...variant, simd: null }),
    ]),
  ),
].toSorted();

/** One device to open, and what its rows are called. */
export interface DeviceChoice {
  readonly uri: string;
  /** Null: the device decides. */
  readonly threads: number | null;
  readonly variant: Variant;
}

/**
 * The devices that a base URI stands for: `cpu` gets `threads` and `simd` unless the URI has them; any other device is
 * taken as it is, once, and variants that differ only in their kernels are one.
 */
export function deviceChoices(
  base: string,
  o: { readonly threads: readonly number[]; readonly variants: readonly Variant[] },
): readonly DeviceChoice[] {
  const { scheme, name, parameters } = parseDeviceUri(base);
  const ours = scheme === 'cpu' && name === undefined;
  const givenThreads = parameters.get('threads');
  const givenSimd = parameters.get('simd');
  const choices = o.variants.flatMap((variant) => {
    const simd = ours && givenSimd === undefined ? variant.simd : null;
    const threads = ours && givenThreads === undefined ? o.threads : [threadsOf(base, givenThreads)];
    return threads.map((count): DeviceChoice => {
      const added = [
        ...(ours && givenThreads === undefined ? [`threads=${count}`] : []),
        ...(simd === null ? [] : [`simd=${simd}`]),
      ];
      const uri = added.length === 0 ? base : `${base}${base.includes('?') ? '&' : '?'}${added.join('&')}`;
      return { uri, threads: count, variant: { ...variant, simd: simd ?? asSimd(givenSimd) } };
    });
  });
  return [...new Map(choices.map((choice) => [`${choice.uri} ${variantName(choice.variant)}`, choice])).values()];
}

function threadsOf(base: string, given: string | undefined): number | null {
  if (given !== undefined) {
    if (/^[1-9]\d*$/.test(given)) return Number(given);
    throw new InvalidRequestError(`${base}: threads is ${JSON.stringify(given)}; allowed: a whole number from 1 on`, {
      where: 'device',
    });
  }
  return base.startsWith('cpu:scalar') ? 1 : null;
}

const asSimd = (given: string | undefined): Variant['simd'] =>
  given === 'baseline' || given === 'relaxed' ? given : null;

/** `isinglass cpu`, `isinglass cpu:scalar`: the device without its options. */
export function implementationOf(uri: string): string {
  const { scheme, name } = parseDeviceUri(uri);
  return `isinglass ${name === undefined ? scheme : `${scheme}:${name}`}`;
}

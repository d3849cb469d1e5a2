/** How a block lies on a convolution engine, before any weight is copied: views of banks, couplings as convolutions, tiles and their terms in the order of a walk. */
import {
  type BankLayout,
  type Block,
  blockLayout,
  type Coupling,
  type Program,
  type Side,
  weightRef,
} from '@isinglass/sdk';

/** A map: channels × height × width. */
export interface MapShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

export const pixelsOf = ({ height, width }: MapShape): number => height * width;

/** One spatial axis (semantics 3.4). */
export interface Axis {
  readonly taps: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padBegin: number;
}

/** A coupling as a convolution; a dense one has one tap and maps of one pixel. */
export interface CouplingGeometry {
  readonly coupling: Coupling;
  readonly index: number;
  readonly from: MapShape;
  readonly to: MapShape;
  readonly groups: number;
  readonly y: Axis;
  readonly x: Axis;
  /** Byte of WEIGHTS of its first weight; each coupling begins a word. */
  readonly weight: number;
  readonly weights: number;
}

/** A bank in SPINS. */
export interface BankPlace {
  readonly layout: BankLayout;
  /** Site of its spin 0. */
  readonly site: number;
}

/** A free bank as its couplings see it. */
export interface BankView {
  readonly place: BankPlace;
  readonly channels: number;
  readonly pixels: number;
}

/** One coupling in one direction at a free bank. */
export interface CouplingEnd {
  readonly geometry: CouplingGeometry;
  /** At which end of the coupling the bank is: `to` adds forward, `from` adds back. */
  readonly side: Side;
  /** Whether the other bank is pinned: then the coupling acts through the static field. */
  readonly pinned: boolean;
  readonly other: BankPlace;
  /** Word of SOURCES where its table begins. */
  readonly sources: number;
}

/** A coupling as it acts on one tile: the numbers of `termWord`. */
export interface Term {
  readonly end: CouplingEnd;
  readonly steps: number;
  readonly weight: number;
  readonly source: number;
}

export interface Tile {
  readonly view: BankView;
  readonly firstChannel: number;
  readonly channels: number;
  readonly terms: readonly Term[];
  readonly lastOfBank: boolean;
}

export interface ConvGeometry {
  readonly places: ReadonlyMap<string, BankPlace>;
  readonly couplings: readonly CouplingGeometry[];
  /** By id of the free bank. */
  readonly ends: ReadonlyMap<string, readonly CouplingEnd[]>;
  readonly staticTiles: readonly Tile[];
  readonly sweepTiles: readonly Tile[];
  /** Sites of free banks, padding included: update slots. */
  readonly slots: number;
  readonly sites: number;
  readonly weightBytes: number;
  readonly sourceWords: number;
  /** Free banks that are asked for as maps and as vectors at once: they have no tiles. */
  readonly torn: readonly string[];
}

/** The geometry of a block whose couplings are convolutions and matrices, all colors of whole banks. */
export function convGeometry(
  program: Pick<Program, 'tensors'>,
  block: Block,
  machine: { readonly channels: number; readonly taps: number },
): ConvGeometry {
  const { places, slots, sites } = placeBanks(block);
  const { couplings, weightBytes } = couplingGeometries(program, block);
  const { ends, sourceWords } = couplingEnds(block, couplings, places);
  const views = new Map<string, BankView>();
  const torn: string[] = [];
  for (const [id, ofBank] of ends) {
    const view = bankView(places.get(id) as BankPlace, ofBank);
    if (view === null) torn.push(id);
    else views.set(id, view);
  }
  const order = block.schedule.colors.flatMap((color) =>
    block.banks.flatMap((bank) => views.get(bank.role === 'free' && bank.color === color ? bank.id : '') ?? []),
  );
  const tiles = (pinned: boolean): Tile[] =>
    order.flatMap((view) =>
      tilesOf(
        view,
        (ends.get(view.place.layout.bank.id) ?? []).filter((end) => end.pinned === pinned),
        machine,
      ),
    );
  return {
    places,
    couplings,
    ends,
    staticTiles: tiles(true),
    sweepTiles: tiles(false),
    slots,
    sites,
    weightBytes,
    sourceWords,
    torn,
  };
}

/** Channels and pixels of the map that a bank is at one end of a coupling. */
export const mapAt = ({ from, to }: CouplingGeometry, side: Side): MapShape => (side === 'to' ? to : from);

export const tapsOf = ({ y, x }: CouplingGeometry): number => y.taps * x.taps;

/** Channels of one group at one end. */
export const perGroup = (geometry: CouplingGeometry, side: Side): number =>
  mapAt(geometry, side).channels / geometry.groups;

export const otherSide = (side: Side): Side => (side === 'to' ? 'from' : 'to');

function placeBanks(block: Block): { places: ReadonlyMap<string, BankPlace>; slots: number; sites: number } {
  const layouts = blockLayout(block);
  const places = new Map<string, BankPlace>();
  let site = 0;
  let slots = 0;
  for (const role of ['free', 'pinned'] as const) {
    for (const layout of layouts) {
      if (layout.bank.role !== role) continue;
      places.set(layout.bank.id, { layout, site });
      site += 32 * Math.ceil(layout.spinCount / 32);
    }
    if (role === 'free') slots = site;
  }
  return { places, slots, sites: site };
}

function couplingGeometries(
  program: Pick<Program, 'tensors'>,
  block: Block,
): { couplings: readonly CouplingGeometry[]; weightBytes: number } {
  const shapes = new Map(block.banks.map(({ id, shape }) => [id, shape]));
  let weight = 0;
  const couplings = block.couplings.map((coupling, index): CouplingGeometry => {
    const shape = program.tensors.get(weightRef(coupling.form).tensor)?.shape ?? [];
    const weights = shape.reduce((product, n) => product * n, 1);
    const placed = { coupling, index, weight, weights };
    weight += 4 * Math.ceil(weights / 4);
    const from = shapes.get(coupling.from) ?? [];
    const to = shapes.get(coupling.to) ?? [];
    return coupling.form.kind === 'conv'
      ? { ...placed, ...convolution(coupling.form, from, to, shape) }
      : { ...placed, from: asVector(from), to: asVector(to), groups: 1, y: oneTap, x: oneTap };
  });
  return { couplings, weightBytes: weight };
}

const oneTap: Axis = { taps: 1, stride: 1, dilation: 1, padBegin: 0 };

const asVector = (shape: readonly number[]): MapShape => ({
  channels: shape.reduce((product, n) => product * n, 1),
  height: 1,
  width: 1,
});

/** Channels alone are a map of one pixel, channels × width a map of height 1. */
const asMap = ([channels = 1, ...pixels]: readonly number[]): MapShape => ({
  channels,
  height: pixels.length > 1 ? (pixels[0] ?? 1) : 1,
  width: pixels.at(-1) ?? 1,
});

function convolution(
  form: Extract<Coupling['form'], { kind: 'conv' }>,
  from: readonly number[],
  to: readonly number[],
  kernel: readonly number[],
): Pick<CouplingGeometry, 'from' | 'to' | 'groups' | 'y' | 'x'> {
  const rank = kernel.length - 2;
  const axis = (n: number): Axis => ({
    taps: kernel[n + 2] ?? 1,
    stride: form.strides[n] ?? 1,
    dilation: form.dilations[n] ?? 1,
    padBegin: form.pads[n] ?? 0,
  });
  return {
    from: asMap(from),
    to: asMap(to),
    groups: form.groups,
    y: rank === 2 ? axis(0) : oneTap,
    x: axis(rank - 1),
  };
}

/** Tables of sources of equal geometry are shared. */
function couplingEnds(
  block: Block,
  couplings: readonly CouplingGeometry[],
  places: ReadonlyMap<string, BankPlace>,
): { ends: ReadonlyMap<string, readonly CouplingEnd[]>; sourceWords: number } {
  const tables = new Map<string, number>();
  let sourceWords = 0;
  const ends = new Map<string, CouplingEnd[]>();
  for (const { id, role } of block.banks) {
    if (role === 'pinned') continue;
    const ofBank: CouplingEnd[] = [];
    for (const geometry of couplings) {
      for (const side of ['to', 'from'] as const) {
        if (geometry.coupling[side] !== id) continue;
        const other = places.get(geometry.coupling[otherSide(side)]) as BankPlace;
        const key = JSON.stringify([
          side,
          geometry.y,
          geometry.x,
          { ...geometry.from, channels: 0 },
          { ...geometry.to, channels: 0 },
        ]);
        let sources = tables.get(key);
        if (sources === undefined) {
          sources = sourceWords;
          tables.set(key, sources);
          sourceWords += tapsOf(geometry) * pixelsOf(mapAt(geometry, side));
        }
        ofBank.push({ geometry, side, pinned: other.layout.bank.role === 'pinned', other, sources });
      }
    }
    ends.set(id, ofBank);
  }
  return { ends, sourceWords };
}

/** null: one coupling wants a map where another one wants a vector. */
function bankView(place: BankPlace, ends: readonly CouplingEnd[]): BankView | null {
  const maps = ends.map(({ geometry, side }) => mapAt(geometry, side));
  const [first = asMap(place.layout.bank.shape)] = maps;
  const alike = maps.every((map) => map.channels === first.channels && pixelsOf(map) === pixelsOf(first));
  return alike ? { place, channels: first.channels, pixels: pixelsOf(first) } : null;
}

/** Tiles end where a group of any of the couplings does, so that all channels of a tile add the same inputs. */
function tilesOf(
  view: BankView,
  ends: readonly CouplingEnd[],
  machine: { readonly channels: number; readonly taps: number },
): Tile[] {
  const tiles: Tile[] = [];
  for (let first = 0; first < view.channels; ) {
    const stop = ends.reduce(
      (least, { geometry, side }) => Math.min(least, nextMultiple(first, perGroup(geometry, side))),
      Math.min(view.channels, first + machine.channels),
    );
    const begin = first;
    tiles.push({
      view,
      firstChannel: begin,
      channels: stop - begin,
      terms: ends.map((end) => termOf(end, begin, machine.taps)),
      lastOfBank: stop === view.channels,
    });
    first = stop;
  }
  return tiles;
}

const nextMultiple = (n: number, of: number): number => (Math.floor(n / of) + 1) * of;

function termOf(end: CouplingEnd, firstChannel: number, tapsPerCycle: number): Term {
  const { geometry, side, other } = end;
  const group = Math.floor(firstChannel / perGroup(geometry, side));
  const inputs = perGroup(geometry, otherSide(side));
  const taps = tapsOf(geometry);
  const fromPerGroup = perGroup(geometry, 'from');
  // Kernel [to channel][from channel of the group][tap]: of the tile's first channel and first input.
  const toChannel = side === 'to' ? firstChannel : group * inputs;
  const fromInGroup = side === 'to' ? 0 : firstChannel % fromPerGroup;
  return {
    end,
    steps: Math.ceil((inputs * taps) / tapsPerCycle),
    weight: geometry.weight + (toChannel * fromPerGroup + fromInGroup) * taps,
    source: other.site + group * inputs * pixelsOf(mapAt(geometry, otherSide(side))),
  };
}

/** What the pixels of a tile have in common: which taps touch a site, and where these lie to each other. Borders make classes, strides those of every phase. */
import { invalidSource } from '../conv-memory-map.ts';

/** A tap that touches a site, and the site's pixel counted from the base of the pixel that receives. */
export interface TouchedTap {
  readonly tap: number;
  readonly offset: number;
}

export interface TapClasses {
  /** By pixel: the pixel of the input that its first touched tap touches; 0 where none does. */
  readonly bases: Uint32Array;
  /** By pixel. */
  readonly classOf: Uint32Array;
  /** By class, in the order of taps. */
  readonly classes: readonly (readonly TouchedTap[])[];
}

/** `sources`: words of SOURCES, `[tap][pixel]` from `first` on. */
export function tapClasses(
  sources: Uint32Array,
  { first, taps, pixels }: { readonly first: number; readonly taps: number; readonly pixels: number },
): TapClasses {
  const bases = new Uint32Array(pixels);
  const classOf = new Uint32Array(pixels);
  const tree = new ClassTree();
  for (let pixel = 0; pixel < pixels; pixel++) {
    let node = tree.root;
    let base = -1;
    for (let tap = 0; tap < taps; tap++) {
      const source = sources[first + tap * pixels + pixel] as number;
      if (source >= invalidSource) continue;
      if (base < 0) base = source;
      node = tree.next(node, { tap, offset: source - base });
    }
    bases[pixel] = Math.max(0, base);
    classOf[pixel] = tree.classOf(node);
  }
  return { bases, classOf, classes: tree.classes };
}

interface ClassNode {
  readonly taps: readonly TouchedTap[];
  readonly next: Map<string, number>;
  /** Of the class that ends here; −1: none does yet. */
  number: number;
}

/** Lists of touched taps by their beginnings, so that no list is written out for a pixel. */
class ClassTree {
  readonly root = 0;
  readonly classes: (readonly TouchedTap[])[] = [];
  readonly #nodes: ClassNode[] = [{ taps: [], next: new Map(), number: -1 }];

  next(from: number, touched: TouchedTap): number {
    const node = this.#node(from);
    const key = `${touched.tap} ${touched.offset}`;
    const known = node.next.get(key);
    if (known !== undefined) return known;
    const made = this.#nodes.push({ taps: [...node.taps, touched], next: new Map(), number: -1 }) - 1;
    node.next.set(key, made);
    return made;
  }

  classOf(at: number): number {
    const node = this.#node(at);
    if (node.number < 0) node.number = this.classes.push(node.taps) - 1;
    return node.number;
  }

  #node(at: number): ClassNode {
    return this.#nodes[at] as ClassNode;
  }
}

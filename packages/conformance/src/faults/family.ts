/** Ids of planted faults: a number of the catalogue with variants (`M18/lut16`), or a word. */

/** The number of the catalogue that an id belongs to, `M01`; words are their own. */
export const familyOf = (id: string): string => /^M\d+/.exec(id)?.[0] ?? id;

/** Checks that no planted fault needs, and why they stand nevertheless. */
export const standing: Readonly<Record<string, string>> = {};

/** Of this package, as programs record it in their provenance; a test compares it with package.json. */
export const compilerVersion = '0.1.0';

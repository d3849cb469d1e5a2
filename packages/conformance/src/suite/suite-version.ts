/** Which suite this is. */

/** Version of the suite; part of every report and claim. */
export const suiteVersion = '0.1.0';

/** Version of the specification (docs/semantics.md and the contract) that the suite tests. */
export const specificationVersion = '1.0';

/** The vectors of the independent Python oracle (see fixtures/oracle/README.md), as tests read them. */
import { fileURLToPath } from 'node:url';
import { readVectorFolder, type VectorFolder } from '../src/testing/vector-folder.ts';
import type { ArithmeticVectors } from '../src/testing/vectors.ts';

/** Also holds the folder of rejected files, `reject`. */
export const oracleDirectory: string = fileURLToPath(new URL('./fixtures/oracle', import.meta.url));

/** Every case and `arithmetic.json`. */
export const oracleVectors: VectorFolder = readVectorFolder(oracleDirectory);

/** Known answers of the small functions of the law. */
export function arithmeticVectors(): ArithmeticVectors {
  if (oracleVectors.arithmetic === undefined) throw new Error(`${oracleDirectory} has no arithmetic.json`);
  return oracleVectors.arithmetic;
}

/** Device URIs of emulated machines: `fpga-sim:conv-m?clockMHz=250&rng=philox`, a named set and parameters that differ from it. */
import { DeviceOptions } from '@isinglass/sdk';
import { parseFieldFormat } from './field-format.ts';
import { namedSets, type SetName, setNames } from './named-sets.ts';
import {
  allowedText,
  type Parameter,
  type ParameterName,
  type ParameterValue,
  parametersOf,
  parameterTable,
} from './parameter-table.ts';
import { type EmulatedMachine, type GivenValues, resolveParameters } from './resolve-parameters.ts';

export const machineUri = (set: SetName): string => `fpga-sim:${set}`;

/** Whether a URI names one of the sets, whatever its parameters. */
export const isMachineUri = (uri: string): boolean =>
  setNames.some((set) => uri === machineUri(set) || uri.startsWith(`${machineUri(set)}?`));

/**
 * The machine of a URI. Throws InvalidRequestError for a set that is not one, a parameter that is unknown, given twice or of another kind of machine,
 * a value that is not allowed, and values that do not go together.
 */
export function parseMachineUri(uri: string): EmulatedMachine {
  const set = setNames.find((name) => uri === machineUri(name) || uri.startsWith(`${machineUri(name)}?`));
  const own = set === undefined ? [] : parametersOf(namedSets[set].engine);
  const known = Object.fromEntries(own.map((name) => [name, allowedText(name)])) as Record<ParameterName, string>;
  const options = new DeviceOptions<ParameterName>(uri, { devices: setNames.map(machineUri), known });
  const given: Partial<Record<ParameterName, ParameterValue>> = {};
  for (const name of own) {
    const value = givenValue(options, name);
    if (value !== undefined) given[name] = value;
  }
  // `options` refuses a URI of no set.
  return resolveParameters(set as SetName, given as GivenValues);
}

/** As the table has it; ranges are checked where parameters are resolved. */
function givenValue(options: DeviceOptions<ParameterName>, name: ParameterName): ParameterValue | undefined {
  const parameter: Parameter = parameterTable[name];
  switch (parameter.kind) {
    case 'count':
      return options.decimal(name);
    case 'quantity':
      return parameter.default === null && options.text(name) === 'unstated' ? null : options.decimal(name);
    case 'choice':
      return options.oneOf(name, parameter.values);
    case 'format': {
      const text = options.text(name);
      if (text === undefined) return undefined;
      const format = parseFieldFormat(text);
      if (format === null) throw options.bad(name, text);
      return format;
    }
    default:
      return parameter satisfies never;
  }
}

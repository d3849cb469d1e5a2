/** The parameters of a machine as its project's README lists them: those that shape the hardware. */
import type { EngineParameters } from '../../parameters/engine-parameters.ts';
import { fieldFormatText } from '../../parameters/field-format.ts';
import { type NamedSet, namedSets, type SetName } from '../../parameters/named-sets.ts';
import {
  type ParameterName,
  type ParameterValue,
  parametersOf,
  parameterTable,
} from '../../parameters/parameter-table.ts';

export interface ParameterText {
  readonly name: ParameterName;
  readonly value: string;
  readonly text: string;
}

/** Of the clock, the link and energy: they are of the device's cost, not of its circuit. */
const ofCost = /^(clock|link|pJ|static|readBeat|writeBeat)/;

/** Parameters that only a value of another one gives a meaning. */
const onlyWith: { readonly [K in ParameterName]?: (p: EngineParameters) => boolean } = {
  tableEntries: (p) => p.activation.kind === 'table',
  clipField: (p) => p.activation.kind === 'clip',
  walkCycles: (p) => p.readout === 'walk',
};

/** `uri` is the machine's; its parameters are allowed. */
export function parameterTexts(uri: string, parameters: EngineParameters): readonly ParameterText[] {
  const given = new URLSearchParams(uri.split('?')[1] ?? '');
  const named: NamedSet = namedSets[parameters.set as SetName];
  return parametersOf(parameters.engine)
    .filter((name) => !ofCost.test(name) && (onlyWith[name]?.(parameters) ?? true))
    .map((name) => ({
      name,
      value: given.get(name) ?? valueText(named.values[name] ?? parameterTable[name].default),
      text: parameterTable[name].text,
    }));
}

const valueText = (value: ParameterValue): string =>
  value === null ? 'unstated' : typeof value === 'object' ? fieldFormatText(value) : String(value);

/** Section 7 of docs/devices.md: the parameters of emulated machines, the named sets, and where the numbers of the sets come from. */

import { engines } from '../../packages/backend-fpga-sim/src/parameters/choices.ts';
import { type FieldFormat, fieldFormatText } from '../../packages/backend-fpga-sim/src/parameters/field-format.ts';
import {
  type NamedSet,
  type NumberSource,
  namedSets,
  setNames,
} from '../../packages/backend-fpga-sim/src/parameters/named-sets.ts';
import {
  type Parameter,
  type ParameterValue,
  parameterNames,
  parameterTable,
} from '../../packages/backend-fpga-sim/src/parameters/parameter-table.ts';
import { code, numberText, table } from './cells.ts';

export function parametersTable(): string {
  const rows = parameterNames.map((name) => {
    const parameter: Parameter = parameterTable[name];
    const all = parameter.engines.length === engines.length;
    return [
      code(name),
      all ? 'all' : parameter.engines.map(code).join(' '),
      allowed(parameter),
      valueText(parameter.default),
      parameter.text,
    ];
  });
  return table(['parameter', 'engines', 'allowed', 'default', 'what'], rows);
}

/** What each set is, and what of it differs from the defaults. */
export function setsTable(): string {
  const rows = setNames.map((name) => {
    const { engine, text, values }: NamedSet = namedSets[name];
    const given = Object.entries(values).map(
      ([parameter, value]) => `${parameter}=${valueText(value).replaceAll(',', '')}`,
    );
    return [code(name), code(engine), text, given.map(code).join(' ')];
  });
  return table(['set', 'engine', 'what', 'beside the defaults'], rows);
}

/** Of every number of a set that stands for something outside of the emulation; sets that have it from the same source in one row. */
export function sourcesTable(): string {
  const sets = new Map<string, { readonly cells: readonly string[]; readonly names: string[] }>();
  for (const name of setNames) {
    const { sources, values }: NamedSet = namedSets[name];
    const all: Readonly<Record<string, ParameterValue>> = { ...defaults, ...values };
    for (const [parameter, { grade, source }] of Object.entries(sources) as [string, NumberSource][]) {
      const cells = [code(parameter), valueText(all[parameter] ?? null), grade, source];
      const key = cells.join();
      const row = sets.get(key) ?? { cells, names: [] };
      row.names.push(code(name));
      sets.set(key, row);
    }
  }
  const rows = [...sets.values()].map(({ cells: [parameter = '', ...rest], names }) => [
    parameter,
    names.join(' '),
    ...rest,
  ]);
  return table(['parameter', 'sets', 'value', 'grade', 'source'], rows);
}

const defaults = Object.fromEntries(parameterNames.map((name) => [name, parameterTable[name].default]));

function allowed(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'count':
      return `${numberText(parameter.min)} … ${numberText(parameter.max)}`;
    case 'quantity':
      return `${numberText(parameter.min)} … ${numberText(parameter.max)} ${parameter.unit}${parameter.default === null ? ', unstated' : ''}`;
    case 'choice':
      return parameter.values.map(code).join(' ');
    case 'format':
      return 's{i}.{f}, i 3 … 18, f 4 … 12';
    default:
      return parameter satisfies never;
  }
}

function valueText(value: ParameterValue): string {
  if (value === null) return 'unstated';
  if (typeof value === 'object') return fieldFormatText(value as FieldFormat);
  return typeof value === 'number' ? numberText(value) : value;
}

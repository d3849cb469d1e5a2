/** Shapes of operators that work element by element, and of those that keep the shape of their first input. */
import { intAttribute } from '../attributes.ts';
import { type ElementType, elementTypeOf } from '../element-type.ts';
import { type ShapeRule, shapeError } from './shape-rule.ts';
import { broadcast, formatShape, type ValueType } from './value-type.ts';

const sameAsFirst: ShapeRule = ({ type }) => [type(0)];

/** The broadcast of all inputs that count. */
function broadcasting(result?: ElementType): ShapeRule {
  return ({ node, type, fixedBatch }) => {
    let sum: ValueType | undefined;
    for (let i = 0; i < node.inputs.length; i++) {
      const next = type(i);
      if (next === undefined) return [undefined];
      if (sum === undefined) {
        sum = next;
        continue;
      }
      const shape = broadcast(sum.shape, next.shape);
      if (shape === undefined) {
        const hint = fixedBatch === undefined ? '' : ` (the batch size ${fixedBatch} of the export may be baked in)`;
        throw shapeError(node, `shapes ${formatShape(sum.shape)} and ${formatShape(next.shape)} do not fit${hint}`);
      }
      sum = { type: sum.type, shape };
    }
    return [sum === undefined ? undefined : { type: result ?? sum.type, shape: sum.shape }];
  };
}

const cast: ShapeRule = ({ node, type }) => {
  const x = type(0);
  const to = elementTypeOf(intAttribute(node, 'to', 0));
  if (to === undefined) throw shapeError(node, 'casts to an element type that is not supported');
  return [x && { type: to, shape: x.shape }];
};

const where: ShapeRule = (inputs) => {
  const [all] = broadcasting()(inputs);
  const branch = inputs.type(1);
  return [all && branch && { type: branch.type, shape: all.shape }];
};

/** The outputs beyond the first are statistics of training or masks: never of use here. */
export const elementwiseRules: ReadonlyMap<string, ShapeRule> = new Map([
  ...[
    ...['Abs', 'Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'BatchNormalization', 'Ceil', 'Celu', 'Clip', 'Cos'],
    ...['Cosh', 'CumSum', 'Dropout', 'Elu', 'Erf', 'Exp', 'Floor', 'Gelu', 'GroupNormalization', 'HardSigmoid'],
    ...['HardSwish', 'Hardmax', 'Identity', 'InstanceNormalization', 'LRN', 'LayerNormalization', 'LeakyRelu', 'Log'],
    ...['LogSoftmax', 'LpNormalization', 'Mish', 'Neg', 'Not', 'PRelu', 'RMSNormalization', 'Reciprocal', 'Relu'],
    ...[
      'Round',
      'Selu',
      'Shrink',
      'Sigmoid',
      'Sign',
      'Sin',
      'Sinh',
      'Softmax',
      'Softplus',
      'Softsign',
      'Sqrt',
      'Swish',
    ],
    ...['Tan', 'Tanh', 'ThresholdedRelu', 'Trilu'],
  ].map((op) => [op, sameAsFirst] as const),
  ...['Add', 'And', 'BitShift', 'Div', 'Max', 'Mean', 'Min', 'Mod', 'Mul', 'Or', 'Pow', 'Sub', 'Sum', 'Xor'].map(
    (op) => [op, broadcasting()] as const,
  ),
  ...['Equal', 'Greater', 'GreaterOrEqual', 'IsInf', 'IsNaN', 'Less', 'LessOrEqual'].map(
    (op) => [op, broadcasting('bool')] as const,
  ),
  ['Cast', cast],
  ['Where', where],
]);

/** Which block of a program a project is of, and on which machine: everything that can be refused before there is a run. */
import { type Block, InvalidRequestError, misfitError, type Program, UnsupportedError } from '@isinglass/sdk';
import { parseMachineUri } from '../../parameters/machine-uri.ts';
import { fittedMachineUri } from './fitted-machine.ts';
import { projectEngine } from './project-engine.ts';

/** What a project is asked to be of. */
export interface RtlTargetOptions {
  /** Kind of the machine. */
  readonly engine: 'lane' | 'conv';
  /** URI of an emulated machine of this engine. Default: the smallest one, of powers of two, that holds the block and gives the law's own bits. */
  readonly device?: string;
  /** Id of the block. Default: the only one. */
  readonly block?: string;
}

/** A block and a machine that holds it. */
export interface RtlTarget {
  /** Kind of the machine. */
  readonly engine: 'lane' | 'conv';
  /** URI of the machine, with every parameter that differs from its named set. */
  readonly device: string;
  /** Of the program. */
  readonly block: Block;
}

/**
 * Throws InvalidRequestError where the program has no such block, the URI is not allowed or is of another engine, or lanes are no power of two; UnsupportedError for a
 * program of the real law or a feature that the machine lacks; DoesNotFitError with every misfit.
 */
export function rtlTarget(program: Program, o: RtlTargetOptions): RtlTarget {
  const { engine, device, block: id } = o;
  const block = chosenBlock(program, id);
  const where = `stages[${program.json.stages.indexOf(block)}]`;
  if (program.json.law.kind === 'real') {
    throw new UnsupportedError(
      'real',
      `program "${program.json.name}" follows the real law, a digital machine the fixed one: compile it with --law fixed`,
      { where: 'law' },
    );
  }
  const uri = device ?? fittedMachineUri(engine, program, block);
  const { parameters } = parseMachineUri(uri);
  if (parameters.engine !== engine) {
    throw new InvalidRequestError(`${uri} is a machine of kind ${parameters.engine}, asked for is kind ${engine}`, {
      where: 'engine',
    });
  }
  const { engine: machine } = projectEngine(parameters);
  const misfits = [...machine.misfits(program, block)];
  if (typeof block.schedule.beta !== 'number' && machine.temperatureDepth < 1) {
    const remedies = ['a machine that takes temperatures: &temperatureSweeps='];
    misfits.push({ limit: 'features.temperature', needed: 1, available: 0, where: `${where}.schedule`, remedies });
  }
  if (misfits.length > 0) throw misfitError(program, uri, misfits);
  return { engine, device: uri, block };
}

function chosenBlock(program: Program, id: string | undefined): Block {
  const blocks = program.json.stages.filter((stage): stage is Block => stage.kind === 'block');
  const [first, ...others] = blocks;
  if (first === undefined) {
    throw new InvalidRequestError(`program "${program.json.name}" has no block: nothing of it runs on a machine`, {
      where: 'block',
    });
  }
  const names = blocks.map((block) => block.id).join(', ');
  if (id === undefined) {
    if (others.length === 0) return first;
    throw new InvalidRequestError(
      `program "${program.json.name}" has ${blocks.length} blocks, a project is of one; there are ${names}`,
      { where: 'block' },
    );
  }
  const found = blocks.find((block) => block.id === id);
  if (found === undefined) throw new InvalidRequestError(`no block "${id}"; there are ${names}`, { where: 'block' });
  return found;
}

import { describe, expect, it } from 'vitest';
import { parseBenchOptions } from './bench-options.ts';

function parse(...args: readonly string[]) {
  let said = '';
  const add = (text: string): void => {
    said += text;
  };
  return { options: parseBenchOptions(args, { help: add, error: add }), said: () => said };
}

describe('the options of the bench', () => {
  it('are every workload, three passes, one thread of cpu, without peers', () => {
    const { options } = parse();
    expect(options).toMatchObject({
      size: 'full',
      threads: [1],
      repeat: 3,
      device: 'cpu',
      peers: false,
      variants: null,
    });
    expect(options.targets.map(({ name }) => name).join()).toBe('W1,W2,W3,W4,W5,B7,C1,C2,C3,C4,C5,C6,C');
    expect(parse('--quick').options).toMatchObject({ size: 'quick', repeat: 1 });
  });

  it('take lists', () => {
    const { options } = parse('--only', 'W3, W1', '--threads', '1,2', '--variants', 'relaxed,8rows', '--repeat', '5');
    expect(options).toMatchObject({ threads: [1, 2], variants: ['relaxed', '8rows'], repeat: 5 });
    expect(options.targets.map(({ name }) => name)).toEqual(['W3', 'W1']);
  });

  it.each([
    [['--only', 'W9'], /no workload "W9"; there are W1, W2, W3, W4, W5, B7, C1/],
    [['--variants', 'fast'], /no variant "fast"; there are .*relaxed/],
    [['--repeat', '0'], /whole number from 1/],
    [['--threads', '1,x'], /whole number from 1/],
    [['--fast'], /unknown option '--fast'/],
    [['W1'], /too many arguments/],
  ])('refuse %j and say what is known', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cardInput, pixelInput } from './pixel-input.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-card-'));
afterAll(() => rmSync(folder, { recursive: true }));

function card(content: unknown): string {
  const path = join(folder, 'card.json');
  writeFileSync(path, JSON.stringify(content));
  return path;
}

describe('pixelInput', () => {
  it('takes the input flags, and nothing when there are none', () => {
    expect(pixelInput({})).toBeUndefined();
    expect(pixelInput({ input: 'u8' })).toEqual({ dtype: 'u8' });
    const flags = { input: 'u8', inputScale: 0.5, inputMean: [0.1], inputStd: [1, 2, 3] } as const;
    expect(pixelInput(flags)).toEqual({ dtype: 'u8', scale: 0.5, mean: 0.1, std: [1, 2, 3] });
  });

  it('refuses normalisation without --input u8, and flags beside a card', () => {
    expect(() => pixelInput({ inputMean: [0.1] })).toThrow(/need --input u8/);
    const path = card({ input: { pixels: 'u8' } });
    expect(pixelInput({ card: path })).toEqual({ dtype: 'u8' });
    expect(() => pixelInput({ card: path, input: 'u8' })).toThrow(/leave the --input flags out/);
    expect(() => pixelInput({ card: path, inputStd: [1] })).toThrow(/leave the --input flags out/);
  });
});

describe('cardInput', () => {
  it('reads numbers, fractions and lists', () => {
    expect(cardInput(card({ input: { pixels: 'u8', scale: '1/255', mean: [0.5], std: [0.1, 0.2, 0.3] } }))).toEqual({
      dtype: 'u8',
      scale: 1 / 255,
      mean: 0.5,
      std: [0.1, 0.2, 0.3],
    });
  });

  it.each([
    { content: {}, says: /no input section/ },
    { content: { input: { pixels: 'f32' } }, says: /input.pixels is "f32"/ },
    { content: { input: { pixels: 'u8', mean: 'much' } }, says: /input.mean is "much"/ },
    { content: { input: { pixels: 'u8', scale: [1, 2] } }, says: /scale must be one number/ },
    { content: { input: { pixels: 'u8', std: null } }, says: /input.std is null/ },
  ])('refuses $content', ({ content, says }) => {
    expect(() => cardInput(card(content))).toThrow(says);
  });
});

/** Texts of HTML, SVG and XML from templates in which everything that is filled in is escaped. */

/** Text that is markup already. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Filling = Markup | string | number | readonly (Markup | string | number)[];

/** A template whose fillings are escaped, unless they are markup; lists are joined. */
export function markup(strings: TemplateStringsArray, ...fillings: readonly Filling[]): Markup {
  return new Markup(strings.map((text, n) => text + fillingText(fillings[n] ?? '')).join(''));
}

function fillingText(filling: Filling): string {
  if (filling instanceof Markup) return filling.text;
  if (typeof filling === 'object') return filling.map(fillingText).join('');
  return escaped(String(filling));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters with a meaning become entities; those that XML 1.0 cannot hold are replaced. */
export function escaped(text: string): string {
  return (
    text
      .toWellFormed()
      .replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML 1.0 excludes.
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
  );
}

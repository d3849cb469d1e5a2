/** A machine's modules, a file each. */

export interface ModuleFile {
  readonly path: string;
  readonly name: string;
  /** The first sentence of its comment. */
  readonly title: string;
  readonly text: string;
}

/** In the order of the source: what a module uses comes before it. A module is its comment lines and all from `module` to `endmodule`. */
export function moduleFiles(source: string): readonly ModuleFile[] {
  const files = [...source.matchAll(/^((?:\/\/.*\n)*)module (\w+)[\s\S]*?^endmodule$/gm)].map(
    ([text, comment, name]) => {
      if (comment === '') throw new TypeError(`module ${name} has no comment`);
      return {
        path: `rtl/${name}.sv`,
        name: name as string,
        title: firstSentence(comment as string),
        text: `${text}\n`,
      };
    },
  );
  const left = files.reduce((rest, { text }) => rest.replace(text, ''), source).trim();
  if (left !== '') throw new TypeError(`text outside of modules: ${left}`);
  return files;
}

const firstSentence = (comment: string): string => {
  const text = comment
    .replaceAll(/^\/\/ ?/gm, '')
    .replaceAll('\n', ' ')
    .trim();
  return /^.*?\.(?= |$)/.exec(text)?.[0] ?? text;
};

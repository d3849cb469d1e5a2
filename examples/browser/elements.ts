/** Elements of the page. */

/** The element with an id; the page is wrong without it. */
export function byId<E extends HTMLElement>(id: string, kind: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`);
  return found;
}

/** A new element with attributes, which may be properties such as `textContent`, and children. */
export function made<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: readonly Node[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** Fills a list of descriptions. */
export function describe(list: HTMLElement, facts: Readonly<Record<string, string>>): void {
  list.replaceChildren(
    ...Object.entries(facts).flatMap(([term, text]) => [
      made('dt', { textContent: term }),
      made('dd', { textContent: text }),
    ]),
  );
}

export interface Choice<T> {
  readonly value: T;
  readonly label: string;
  readonly note: string;
  /** Cannot be chosen; the note says why. */
  readonly absent: boolean;
}

/** Fills an element with radio buttons; `chosen` is called with what the user chooses. */
export function choices<T>(
  parent: HTMLElement,
  o: { readonly of: readonly Choice<T>[]; readonly first: T; readonly chosen: (value: T) => void },
): void {
  parent.replaceChildren(
    ...o.of.map(({ value, label, note, absent }) => {
      const button = made('input', { type: 'radio', name: parent.id, checked: value === o.first, disabled: absent });
      button.addEventListener('change', () => o.chosen(value));
      const small = made('small', { textContent: note });
      return made(
        'label',
        { className: absent ? 'choice absent' : 'choice' },
        button,
        made('span', { textContent: label }),
        small,
      );
    }),
  );
}

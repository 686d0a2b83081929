/** What a terminal sends for a key. */

const named: Readonly<Record<string, string>> = {
  Enter: '\r',
  Backspace: '\x7f',
  Tab: '\t',
  Escape: '\x1b',
  ArrowUp: '\x1b[A',
  ArrowDown: '\x1b[B',
  ArrowRight: '\x1b[C',
  ArrowLeft: '\x1b[D',
};

/** A key as the DOM describes it (UI Events, `KeyboardEvent.key`). */
export interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** @returns Characters, or undefined for a key that is not the terminal's. */
export function keyText({ key, ctrlKey, altKey, metaKey }: Key): string | undefined {
  if (altKey || metaKey) return undefined;
  if (!ctrlKey) return named[key] ?? ([...key].length === 1 ? key : undefined);
  const letter = /^[a-z]$/i.test(key) ? key.toUpperCase().charCodeAt(0) : undefined;
  return letter === undefined ? undefined : String.fromCharCode(letter & 0x1f);
}

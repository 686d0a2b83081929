/** A text for the guest's scripts, and what they must get from it. */
import { createHash } from 'node:crypto';

const LINES = 4000;
const WORDS_A_LINE = 9;
const letters = 'etaoinshrdlucmfwypvbgkjqxz';

/** The same text on every machine: words of letters, the first ones of the list more often. */
function makeText(): string {
  let state = 20;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const letter = (): string => letters[below(1 + below(letters.length))] ?? '';
  const word = (): string => Array.from({ length: 1 + below(9) }, letter).join('');
  const line = (): string => Array.from({ length: 1 + below(WORDS_A_LINE) }, word).join(' ');
  return Array.from({ length: LINES }, () => `${line()}\n`).join('');
}

/** The text, and assignments in shell of its checksums, counts and the like. */
export function knownText(): { readonly text: string; readonly known: string } {
  const text = makeText();
  const lines = text.split('\n').slice(0, -1);
  const words = lines.flatMap((line) => line.split(' '));
  const letterCount = words.reduce((sum, word) => sum + word.length, 0);
  const hash = (name: string, of: string): string => createHash(name).update(of).digest('hex');
  const known = {
    sha256: hash('sha256', text),
    md5: hash('md5', text),
    sorted: hash('sha256', `${lines.toSorted().join('\n')}\n`),
    lines: String(lines.length),
    words: `${words.length} ${letterCount} ${new Set(words).size}`,
  };
  const assignments = Object.entries(known).map(([name, value]) => `${name}='${value}'\n`);
  return { text, known: assignments.join('') };
}

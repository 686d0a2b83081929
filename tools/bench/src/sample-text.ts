/** Text that programs work on in the guest: the same on every machine, and as compressible as prose. */

const WORDS = 3000;
const LENGTH = 1_000_000;

/** A mebibyte or so of lines of invented words, the first ones much more often than the last. */
export function sampleText(): string {
  const random = generator(1);
  const words = Array.from({ length: WORDS }, () => word(random));
  let text = '';
  let line = 0;
  while (text.length < LENGTH) {
    const place = Math.floor(WORDS * random() ** 4);
    const next = words[place] ?? '';
    text += next;
    line += next.length + 1;
    const isEnd = line > 60 + 20 * random();
    text += isEnd ? '\n' : ' ';
    if (isEnd) line = 0;
  }
  return `${text}\n`;
}

function word(random: () => number): string {
  const length = 2 + Math.floor(9 * random() * random());
  let text = '';
  for (let at = 0; at < length; at++) {
    const letters = at % 2 === 0 ? 'tnsrhldcumfpgwybvkxzqj' : 'eaoiu';
    text += letters[Math.floor(letters.length * random() ** 2)] ?? '';
  }
  return text;
}

/** Numbers from 0 up to 1: a linear congruence modulo 2^32, of which the upper bits are used. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

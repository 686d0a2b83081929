/**
 * EBCDIC code pages 037 and 500 (IBM Character Data Representation Architecture), which hold the same characters
 * as ISO 8859-1, and text in UTF-8 on the other side.
 *
 * The line-mode console of a machine speaks code page 500, that of z/VM speaks 037.
 */

export type CodePage = 'cp037' | 'cp500';

/** The ISO 8859-1 character of each byte of code page 037, 16 a line. */
const CP037 = `
000102039c09867f978d8e0b0c0d0e0f
101112139d8508871819928f1c1d1e1f
80818283840a171b88898a8b8c050607
909116939495960498999a9b14159e1a
20a0e2e4e0e1e3e5e7f1a22e3c282b7c
26e9eaebe8edeeefecdf21242a293bac
2d2fc2c4c0c1c3c5c7d1a62c255f3e3f
f8c9cacbc8cdcecfcc603a2340273d22
d8616263646566676869abbbf0fdfeb1
b06a6b6c6d6e6f707172aabae6b8c6a4
b57e737475767778797aa1bfd0dddeae
5ea3a5b7a9a7b6bcbdbe5b5dafa8b4d7
7b414243444546474849adf4f6f2f3f5
7d4a4b4c4d4e4f505152b9fbfcf9faff
5cf7535455565758595ab2d4d6d2d3d5
30313233343536373839b3dbdcd9da9f`;

/** What code page 500 has in other places than 037. */
const CP500_DIFFERENCES: Readonly<Record<number, string>> = {
  74: '[',
  79: '!',
  90: ']',
  95: '^',
  176: '¢',
  186: '¬',
  187: '|',
};

/** EBCDIC's substitute character, for what a code page does not have. */
const SUBSTITUTE = 0x3f;
/** What an unreadable UTF-8 sequence becomes. */
const REPLACEMENT = 0xfffd;
const NEXT_LINE = 0x85;
const LINE_FEED = 0x0a;

const toLatin1: Readonly<Record<CodePage, Uint8Array>> = {
  cp037: table({}),
  cp500: table(CP500_DIFFERENCES),
};
const fromLatin1: Readonly<Record<CodePage, Uint8Array>> = {
  cp037: inverse(toLatin1.cp037),
  cp500: inverse(toLatin1.cp500),
};

/** EBCDIC to UTF-8. EBCDIC's new line becomes a line feed. */
export function fromEbcdic(bytes: Uint8Array, page: CodePage): Uint8Array<ArrayBuffer> {
  const utf8: number[] = [];
  for (const byte of bytes) {
    const character = toLatin1[page][byte] ?? 0;
    if (character === NEXT_LINE) utf8.push(LINE_FEED);
    else if (character < 0x80) utf8.push(character);
    else utf8.push(0xc0 | (character >> 6), 0x80 | (character & 0x3f));
  }
  return Uint8Array.from(utf8);
}

/** UTF-8 to EBCDIC. Characters beyond ISO 8859-1 and malformed sequences become the substitute character. */
export function toEbcdic(utf8: Uint8Array, page: CodePage): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(codePoints(utf8), (point) => fromLatin1[page][point] ?? SUBSTITUTE);
}

/** A name of at most `length` characters in EBCDIC, padded with blanks. */
export function ebcdicField(text: string, length: number, page: CodePage = 'cp500'): Uint8Array<ArrayBuffer> {
  const padded = text.padEnd(length).slice(0, length);
  return Uint8Array.from(padded, (character) => fromLatin1[page][character.charCodeAt(0)] ?? SUBSTITUTE);
}

/** The text of an EBCDIC field, without the blanks and zeros that pad it. */
export function ebcdicText(field: Uint8Array, page: CodePage = 'cp500'): string {
  const text = Array.from(field, (byte) =>
    byte === 0 ? '' : String.fromCharCode(toLatin1[page][byte] ?? 0),
  );
  return text.join('').trimEnd();
}

function* codePoints(utf8: Uint8Array): Generator<number> {
  for (let at = 0; at < utf8.length; ) {
    const first = utf8[at] ?? 0;
    const following = first < 0x80 ? 0 : first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : -1;
    const rest = following < 0 ? [] : utf8.subarray(at + 1, at + 1 + following);
    if (following < 0 || rest.length < following || rest.some((byte) => (byte & 0xc0) !== 0x80)) {
      yield REPLACEMENT;
      at += 1;
      continue;
    }
    let point = following === 0 ? first : first & (0x3f >> following);
    for (const byte of rest) point = (point << 6) | (byte & 0x3f);
    yield point;
    at += 1 + following;
  }
}

function table(differences: Readonly<Record<number, string>>): Uint8Array {
  const bytes = Uint8Array.from(CP037.match(/[0-9a-f]{2}/g) ?? [], (pair) => Number.parseInt(pair, 16));
  for (const [byte, character] of Object.entries(differences)) bytes[Number(byte)] = character.charCodeAt(0);
  return bytes;
}

function inverse(page: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(256);
  page.forEach((character, byte) => {
    bytes[character] = byte;
  });
  return bytes;
}

import { createMessage, type Key, readKeys, sign } from 'openpgp';
import { beforeAll, expect, test } from 'vitest';
import { checkRelease, checkSignature, parseRelease, type SignedRelease } from './release.ts';
import { clearsign, makeSigningKey, releaseText, type SigningKey } from './testing/fake-archive.ts';

let key: SigningKey;
let other: SigningKey;
let keys: Key[];
beforeAll(async () => {
  [key, other] = await Promise.all([makeSigningKey(), makeSigningKey()]);
  keys = await readKeys({ binaryKeys: key.publicKey });
});

const text = releaseText({ 'main/binary-s390x/Packages.gz': Buffer.from('index') });
const cleartext = (signed: string): SignedRelease => ({ kind: 'cleartext', text: signed });

test('a Release signed by a known key is good, and exactly the signed text comes back', async () => {
  const signed = `Packages: everything\n\n${await clearsign(text, key)}`;
  const check = await checkSignature(cleartext(signed), keys);
  expect(check).toEqual({ kind: 'good', text, fingerprint: key.fingerprint });
});

test('a changed Release is bad, wherever it is changed', async () => {
  const signed = await clearsign(text, key);
  for (const [from, to] of [
    ['bookworm', 'bookwork'],
    [/Packages\.gz/, 'Packages.gz\n 00 1 more'],
    [/^SHA256:/m, 'X: y\nSHA256:'],
  ] as const) {
    const changed = signed.replace(from, to);
    expect(changed).not.toBe(signed);
    expect(await checkSignature(cleartext(changed), keys)).toMatchObject({ kind: 'bad' });
  }
});

test('a Release signed by an unknown key only is told apart', async () => {
  const check = await checkSignature(cleartext(await clearsign(text, other)), keys);
  expect(check.kind).toBe('unknown-key');
});

test.each(['', 'Origin: Debian\n', '-----BEGIN PGP SIGNED MESSAGE-----\n\ncut'])(
  'the unsigned text %j is bad',
  async (unsigned) => {
    expect(await checkSignature(cleartext(unsigned), keys)).toMatchObject({ kind: 'bad' });
  },
);

test('a detached signature is checked, armored or binary', async () => {
  const message = await createMessage({ binary: Buffer.from(text) });
  const options = { message, signingKeys: key.privateKey, detached: true } as const;
  const armored = Buffer.from(String(await sign({ ...options, format: 'armored' })));
  const binary = (await sign({ ...options, format: 'binary' })) as Uint8Array;
  for (const signature of [armored, binary]) {
    expect(await checkSignature({ kind: 'detached', text, signature }, keys)).toMatchObject({
      kind: 'good',
      text,
    });
    const changed = await checkSignature({ kind: 'detached', text: `${text} `, signature }, keys);
    expect(changed.kind).toBe('bad');
  }
});

test('the fields and checksums of a Release are read', () => {
  const release = parseRelease(`${text}MD5Sum:\n 0123 5 other\n`, 'x');
  expect(release).toMatchObject({
    origin: 'Debian',
    suite: 'oldstable',
    codename: 'bookworm',
    acquireByHash: false,
  });
  expect([...release.files.values()]).toEqual([
    { sha256: '1bc04b5291c26a46d918139138b992d2de976d6851d0893b0476b85bfbdfc6e6', size: 5 },
  ]);
});

test.each(['', '<html>Please log in</html>', 'Origin: Debian\n'])('%j is refused as a Release', (wrong) => {
  expect(() => parseRelease(wrong, 'the mirror')).toThrow(/^the mirror is not a Release file/);
});

const now = new Date('2026-11-23T00:00:00Z');
const releaseWith = (fields: Record<string, string>) => parseRelease(releaseText({}, fields), 'x');
test.each([
  ['the codename', 'bookworm', {}, false],
  ['the class', 'oldstable', {}, false],
  ['a date to come', 'bookworm', { 'Valid-Until': 'Mon, 30 Nov 2026 00:00:00 UTC' }, false],
  ['a date gone by, allowed', 'bookworm', { 'Valid-Until': 'Mon, 02 Nov 2026 00:00:00 UTC' }, true],
])('a Release is accepted by %s', (_, suite, fields, allowExpired) => {
  expect(() => checkRelease(releaseWith(fields), { suite, now, allowExpired }, 'x')).not.toThrow();
});

test.each([
  ['another suite', 'trixie', {}, /for bookworm, not for trixie/],
  [
    'a date gone by',
    'bookworm',
    { 'Valid-Until': 'Mon, 02 Nov 2026 00:00:00 UTC' },
    /valid until 2026-11-02/,
  ],
  ['an unreadable date', 'bookworm', { 'Valid-Until': 'soon' }, /valid until/],
])('a Release is refused for %s', (_, suite, fields, message) => {
  expect(() => checkRelease(releaseWith(fields), { suite, now, allowExpired: false }, 'x')).toThrow(message);
});

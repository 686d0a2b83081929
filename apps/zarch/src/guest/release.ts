// The Release file of an archive's suite and its OpenPGP signature: Debian repository format; RFC 9580, section 7
// (cleartext signature framework). Only text that a signature covers is ever parsed as trusted.
import {
  createMessage,
  type Key,
  readCleartextMessage,
  readSignature,
  type VerifyMessageResult,
  verify,
} from 'openpgp';
import { parseDeb822 } from './apt-sources.ts';
import { GuestImageError, reasonOf } from './error.ts';

/** What an index file must be. */
export interface Checksum {
  /** SHA-256, lower-case hexadecimal. */
  readonly sha256: string;
  readonly size: number;
}

/** A parsed Release file. */
export interface Release {
  readonly origin: string;
  readonly suite: string;
  readonly codename: string;
  readonly date: Date;
  readonly validUntil: Date | undefined;
  readonly acquireByHash: boolean;
  /** By path relative to the suite's directory. */
  readonly files: ReadonlyMap<string, Checksum>;
}

/** A Release file as fetched: cleartext-signed, or with its detached signature (armored or binary). */
export type SignedRelease =
  | { readonly kind: 'cleartext'; readonly text: string }
  | { readonly kind: 'detached'; readonly text: string; readonly signature: Uint8Array };

/** The outcome of checking a signature; `unknown-key` if none of its keys is among the given ones. */
export type SignatureCheck =
  | { readonly kind: 'good'; readonly text: string; readonly fingerprint: string }
  | { readonly kind: 'unknown-key'; readonly keyIds: readonly string[] }
  | { readonly kind: 'bad'; readonly reason: string };

/** Checks that one of `keys` signed a Release file; one good signature suffices, as archives sign with several. */
export async function checkSignature(signed: SignedRelease, keys: readonly Key[]): Promise<SignatureCheck> {
  let result: VerifyMessageResult<string>;
  try {
    result = await verified(signed, keys);
  } catch (error) {
    return { kind: 'bad', reason: reasonOf(error) };
  }
  let reason = 'it carries no signature';
  let known = result.signatures.length === 0;
  for (const signature of result.signatures) {
    const key = keys.find((candidate) => candidate.getKeys(signature.keyID).length > 0);
    if (key === undefined) continue;
    known = true;
    try {
      await signature.verified;
      return { kind: 'good', text: result.data, fingerprint: key.getFingerprint().toUpperCase() };
    } catch (error) {
      reason = reasonOf(error);
    }
  }
  if (known) return { kind: 'bad', reason };
  return { kind: 'unknown-key', keyIds: result.signatures.map(({ keyID }) => keyID.toHex().toUpperCase()) };
}

async function verified(signed: SignedRelease, keys: readonly Key[]): Promise<VerifyMessageResult<string>> {
  const verificationKeys = [...keys];
  if (signed.kind === 'cleartext') {
    const message = await readCleartextMessage({ cleartextMessage: signed.text });
    return verify({ message, verificationKeys });
  }
  const armored = Buffer.from(signed.signature).toString('latin1').startsWith('-----BEGIN');
  const signature = armored
    ? await readSignature({ armoredSignature: Buffer.from(signed.signature).toString('latin1') })
    : await readSignature({ binarySignature: signed.signature });
  const message = await createMessage({ binary: Buffer.from(signed.text) });
  const result = await verify({ message, signature, verificationKeys, format: 'binary' });
  return { data: Buffer.from(result.data).toString(), signatures: result.signatures };
}

/** The text of a Release file whose signature has not been checked: only for finding the keys to check it with. */
export async function unverifiedText(signed: SignedRelease): Promise<string> {
  if (signed.kind === 'detached') return signed.text;
  return (await readCleartextMessage({ cleartextMessage: signed.text })).getText();
}

/**
 * Parses the text of a Release file.
 * @throws GuestImageError `format`
 */
export function parseRelease(text: string, where: string): Release {
  const fields = parseDeb822(text)[0];
  const date = new Date(fields?.get('date') ?? Number.NaN);
  if (fields === undefined || Number.isNaN(date.getTime()) || !fields.has('sha256'))
    throw new GuestImageError(
      'format',
      `${where} is not a Release file: check that --mirror names a Debian archive`,
    );
  const files = new Map<string, Checksum>();
  for (const line of (fields.get('sha256') ?? '').split('\n')) {
    const match = /^([0-9a-f]{64})\s+(\d+)\s+(\S+)$/.exec(line.trim());
    if (match !== null) files.set(match[3] ?? '', { sha256: match[1] ?? '', size: Number(match[2]) });
  }
  const validUntil = fields.get('valid-until');
  return {
    origin: fields.get('origin') ?? '',
    suite: fields.get('suite') ?? '',
    codename: fields.get('codename') ?? '',
    date,
    validUntil: validUntil === undefined ? undefined : new Date(validUntil),
    acquireByHash: fields.get('acquire-by-hash') === 'yes',
    files,
  };
}

/**
 * Checks that a Release file is the one asked for and, where it says how long it is valid, still current: otherwise
 * a mirror could answer with another suite's signed file, or an old one.
 * @throws GuestImageError `signature`
 */
export function checkRelease(
  release: Release,
  expected: { readonly suite: string; readonly now: Date; readonly allowExpired: boolean },
  where: string,
): void {
  if (expected.suite !== release.codename && expected.suite !== release.suite)
    throw new GuestImageError(
      'signature',
      `${where} is for ${release.codename || release.suite}, not for ${expected.suite}: give another mirror with --mirror URL`,
    );
  const until = release.validUntil;
  if (until !== undefined && !expected.allowExpired && !(until.getTime() >= expected.now.getTime()))
    throw new GuestImageError(
      'signature',
      `${where} was valid until ${Number.isNaN(until.getTime()) ? '(unreadable)' : until.toISOString()}: use a current mirror, check this machine's clock, or give --allow-expired`,
    );
}

// One file of a mirror, over HTTP or from a local directory, into memory: with time limits, retries and resumption, in
// a later run too.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { GuestImageError, isSystemError, reasonOf } from './error.ts';
import { shownUri } from './mirror.ts';
import type { PartialFile } from './partial-file.ts';
import type { ProgressCallback } from './progress.ts';

/** Limits and reports of a download. */
export interface DownloadOptions {
  /** The name in reports and messages. */
  readonly item: string;
  /** The exact size where it is known; a longer answer is cut off at once, and any beyond 1 GiB (64 MiB if not known). */
  readonly size?: number | undefined;
  readonly progress?: ProgressCallback | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timing?: DownloadTiming | undefined;
  /** Where what has come is kept until the caller removes it, and what an earlier run left is found. */
  readonly partial?: PartialFile | undefined;
}

/** Time limits, in milliseconds. */
export interface DownloadTiming {
  /** The longest wait for an answer, and then between two pieces of it. */
  readonly idle: number;
  /** Attempts in all. */
  readonly attempts: number;
  /** The wait before the second attempt; it doubles each time. */
  readonly delay: number;
}

const MIB = 2 ** 20;
const TIMING: DownloadTiming = { idle: 30_000, attempts: 4, delay: 500 };

/** An answer that asking again may better. */
class TransientError extends Error {}

/**
 * The file's bytes. Nothing but what `partial` asks for is written to disk.
 * @throws GuestImageError `not-found` if the mirror does not have it, `network` if it cannot be reached.
 */
export async function download(url: string, options: DownloadOptions): Promise<Uint8Array> {
  if (url.startsWith('file:')) return readLocal(url, options);
  const timing = options.timing ?? TIMING;
  const before = await options.partial?.read();
  const parts: Uint8Array[] = before === undefined || before.length === 0 ? [] : [before];
  if (before !== undefined && before.length === options.size) return before;
  for (let attempt = 1; ; attempt++) {
    try {
      await receive(url, parts, options, timing.idle);
      return Buffer.concat(parts);
    } catch (error) {
      if (error instanceof GuestImageError) throw error;
      if (options.signal?.aborted)
        throw new GuestImageError('network', `${options.item}: the download was cancelled`, { cause: error });
      if (attempt >= timing.attempts)
        throw new GuestImageError(
          'network',
          `${shownUri(url)}: ${reasonOf(error)}: check the network and the mirror, or give another with --mirror URL`,
          { cause: error },
        );
      await new Promise((resolve) => setTimeout(resolve, timing.delay * 2 ** (attempt - 1)));
    }
  }
}

async function readLocal(url: string, options: DownloadOptions): Promise<Uint8Array> {
  try {
    const bytes = await readFile(fileURLToPath(url));
    options.progress?.({ step: 'download', item: options.item, done: bytes.length, total: bytes.length });
    return bytes;
  } catch (error) {
    throw new GuestImageError(
      isSystemError(error, 'ENOENT') ? 'not-found' : 'network',
      `${url}: ${reasonOf(error)}: check the mirror's directory`,
      { cause: error },
    );
  }
}

const lengthOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + part.length, 0);

/** Adds the rest of the file to `parts`, from where an earlier attempt stopped if the server can. */
async function receive(
  url: string,
  parts: Uint8Array[],
  options: DownloadOptions,
  idle: number,
): Promise<void> {
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const expire = () => stop.abort(new TransientError(`no answer for ${idle / 1000} s`));
  let timer = setTimeout(expire, idle);
  try {
    let done = lengthOf(parts);
    const { address, headers } = withoutCredentials(url);
    // A mirror that labels .gz files with a content encoding must not have them decoded on the way.
    headers.set('accept-encoding', 'identity');
    if (done > 0) headers.set('range', `bytes=${done}-`);
    const response = await fetch(address, { headers, signal });
    if (response.status !== 206 && done > 0) {
      parts.length = 0;
      done = 0;
      await options.partial?.remove();
    }
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw failedStatus(url, response.status);
    }
    const announced = Number(response.headers.get('content-length') ?? Number.NaN);
    const total = Number.isFinite(announced) ? done + announced : options.size;
    const most = Math.min(options.size ?? 64 * MIB, 1024 * MIB);
    for await (const part of response.body) {
      clearTimeout(timer);
      timer = setTimeout(expire, idle);
      parts.push(part);
      done += part.length;
      await options.partial?.append(part);
      if (done > most)
        throw new GuestImageError(
          'checksum',
          `${shownUri(url)} is longer than ${most} bytes: the mirror is damaged, give another with --mirror URL`,
        );
      options.progress?.({ step: 'download', item: options.item, done, total });
    }
    if (total !== undefined && done < total) throw new TransientError(`${done} of ${total} bytes came`);
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    clearTimeout(timer);
    await options.partial?.close();
  }
}

function failedStatus(url: string, status: number): Error {
  if (status === 404 || status === 410)
    return new GuestImageError(
      'not-found',
      `${shownUri(url)} is not there (HTTP ${status}): check the mirror and suite`,
    );
  if (status === 408 || status === 416 || status === 429 || status >= 500)
    return new TransientError(`HTTP ${status}`);
  return new GuestImageError(
    'network',
    `${shownUri(url)}: HTTP ${status}: give another mirror with --mirror URL`,
  );
}

/** `fetch` refuses addresses with a user name: they go into a header. */
function withoutCredentials(url: string): { readonly address: string; readonly headers: Headers } {
  const address = new URL(url);
  const headers = new Headers();
  if (address.username !== '') {
    const user = `${decodeURIComponent(address.username)}:${decodeURIComponent(address.password)}`;
    headers.set('authorization', `Basic ${Buffer.from(user).toString('base64')}`);
    address.username = '';
    address.password = '';
  }
  return { address: address.href, headers };
}

/**
 * What a guest's console says about its progress. The guest's /init (`guest/init`) prints
 *
 *     READY                            user space has begun
 *     BEGIN name
 *     END name checksum [operations]   or FAIL name status
 *     DONE                             it is about to power off
 *
 * and every line is given the host's time at which it arrived.
 */

/** A case that came to its end, or did not. Times are seconds on the host's clock. */
export type CaseEnd =
  | {
      readonly kind: 'ended';
      readonly name: string;
      readonly seconds: number;
      readonly checksum: string;
      /** How many operations were timed, where the case says it. */
      readonly operations: number | undefined;
    }
  | { readonly kind: 'failed'; readonly name: string; readonly reason: string };

const KERNEL = 'Linux version';
/** The prompt, which stays on its line. */
const LOGIN = /\blogin: $/;
const READY = 'READY';
const DONE = 'DONE';
const TAIL = 2000;

/** Reads the console of one boot. */
export class MarkerReader {
  /** When the kernel's first line and user space's first line came. */
  kernel: number | undefined;
  ready: number | undefined;
  /** When a terminal asked for a user's name. */
  login: number | undefined;
  /** Whether the guest came to its end. */
  done = false;
  readonly ends: CaseEnd[] = [];
  /** The case that runs, and since when. */
  current: { readonly name: string; readonly since: number } | undefined;
  #line = '';
  #tail = '';

  /** The end of all that was printed, for messages. */
  get tail(): string {
    return this.#tail;
  }

  /** Takes text as it came, in pieces of any size. */
  push(text: string, now: number): void {
    this.#tail = (this.#tail + text).slice(-TAIL);
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.#read(line, now);
    if (LOGIN.test(this.#line)) this.login ??= now;
  }

  #read(text: string, now: number): void {
    const line = text.trim();
    if (this.kernel === undefined && line.includes(KERNEL)) this.kernel = now;
    // A console may print its own time or name in front of the guest's text.
    const [, marker, name = '', rest = ''] =
      /(?:^|\s)(READY|DONE|BEGIN|END|FAIL)(?: (\S+)(?: (.*))?)?$/.exec(line) ?? [];
    if (marker === READY && name === '') this.ready ??= now;
    if (marker === DONE && name === '') this.done = true;
    if (marker === 'BEGIN' && name !== '') this.current = { name, since: now };
    if (this.current === undefined || this.current.name !== name) return;
    const { since } = this.current;
    if (marker === 'END') {
      const [checksum = '', count] = rest.split(/\s+/);
      const operations = count === undefined || !/^\d+$/.test(count) ? undefined : Number(count);
      this.ends.push({ kind: 'ended', name, seconds: now - since, checksum, operations });
      this.current = undefined;
    }
    if (marker === 'FAIL') {
      this.ends.push({ kind: 'failed', name, reason: `status ${rest} in the guest` });
      this.current = undefined;
    }
  }
}

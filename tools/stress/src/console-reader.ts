/** What the guest's console says of its progress: lines READY, MINUTE n counts, FAIL worker ..., DONE n counts. */

const TAIL = 3000;

export class ConsoleReader {
  ready = false;
  done = false;
  /** The rounds of each worker so far. */
  counts: ReadonlyMap<string, number> = new Map();
  readonly failures: string[] = [];
  readonly #say: (line: string) => void;
  #line = '';
  #tail = '';

  /** @param say - Called with lines that are for the user. */
  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** The end of all that was printed, for messages. */
  get tail(): string {
    return this.#tail;
  }

  /** Takes text as it came, in pieces of any size. */
  push(text: string): void {
    this.#tail = (this.#tail + text).slice(-TAIL);
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.#read(line.trim());
  }

  #read(line: string): void {
    const [, marker, rest = ''] = /^(READY|MINUTE|FAIL|DONE)(?: (.*))?$/.exec(line) ?? [];
    if (marker === undefined) return;
    this.#say(line);
    if (marker === 'READY') this.ready = true;
    if (marker === 'FAIL') this.failures.push(rest);
    if (marker === 'MINUTE' || marker === 'DONE') {
      const pairs = [...rest.matchAll(/(\S+)=(\d+)/g)];
      this.counts = new Map(pairs.map(([, name = '', count]) => [name, Number(count)]));
    }
    if (marker === 'DONE') this.done = true;
  }
}

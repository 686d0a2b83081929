/** What went wrong: one finding for each place that throws. */

export class Findings {
  readonly #all = new Map<string, { readonly text: string; times: number }>();

  get count(): number {
    return this.#all.size;
  }

  /** @param what - What was being run. */
  add(error: unknown, what: string): void {
    const { message, stack = '', cause } = error instanceof Error ? error : new Error(String(error));
    const inner = cause instanceof Error ? cause : undefined;
    const place = (inner?.stack ?? stack).split('\n').slice(1, 3).join('\n');
    const known = this.#all.get(place);
    if (known) known.times++;
    else this.#all.set(place, { times: 1, text: `${what}: ${message}\n${stack}\n${inner?.stack ?? ''}` });
  }

  /** @param options - Those that make the run again. */
  print(options: string): void {
    for (const { text, times } of this.#all.values()) console.log(`${times} times, ${options}, ${text}\n`);
  }
}

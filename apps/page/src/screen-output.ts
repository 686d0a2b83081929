/** Output on its way to the screen: the guest waits when the page is behind. */

/** Bytes that may be on their way. */
const LIMIT = 1 << 16;

export class ScreenOutput {
  readonly #post: (bytes: Uint8Array) => void;
  #ahead = 0;
  #caughtUp: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  /** @param post - Sends bytes to the page, which answers with {@link shown}. */
  constructor(post: (bytes: Uint8Array) => void) {
    this.#post = post;
  }

  write(bytes: Uint8Array): void {
    this.#ahead += bytes.length;
    this.#post(bytes);
  }

  /** So many bytes are on the screen. */
  shown(count: number): void {
    this.#ahead -= count;
    if (this.#ahead >= LIMIT) return;
    this.#caughtUp?.resolve();
    this.#caughtUp = undefined;
  }

  /** A promise while the page is behind. */
  congestion(): Promise<void> | undefined {
    if (this.#ahead < LIMIT) return undefined;
    this.#caughtUp ??= Promise.withResolvers<void>();
    return this.#caughtUp.promise;
  }
}

/** The console's text on the page, without what has been scrolled too far up. */

/** Characters that are kept. */
const LIMIT = 1 << 18;
/** Milliseconds between changes of the page: laying it out costs the same for much text as for little. */
const INTERVAL = 16;

export class Screen {
  readonly #element: HTMLElement;
  readonly #onShown: (count: number) => void;
  readonly #decoder = new TextDecoder();
  #length = 0;
  #waiting: Uint8Array[] = [];

  /** @param onShown - Told how many bytes are on the screen now. */
  constructor(element: HTMLElement, onShown: (count: number) => void) {
    this.#element = element;
    this.#onShown = onShown;
  }

  /** Takes bytes of UTF-8, in pieces of any size. */
  show(bytes: Uint8Array): void {
    if (this.#waiting.push(bytes) === 1) setTimeout(() => this.draw(), INTERVAL);
  }

  /** Shows what has come, at once. */
  draw(): void {
    const pieces = this.#waiting;
    this.#waiting = [];
    if (pieces.length === 0) return;
    const text = pieces.map((bytes) => this.#decoder.decode(bytes, { stream: true })).join('');
    const shown = text.replaceAll('\r', '').slice(-LIMIT);
    this.#element.append(shown);
    this.#length += shown.length;
    while (this.#length > LIMIT && this.#element.firstChild) {
      this.#length -= this.#element.firstChild.textContent?.length ?? 0;
      this.#element.firstChild.remove();
    }
    this.#onShown(pieces.reduce((sum, { length }) => sum + length, 0));
  }
}

/**
 * Requests that are with a backend. There are only so many at a time, so that a guest cannot make the host keep as
 * much as it likes, and those from before a reset end before new ones begin: an old write must not overtake a new one.
 */
export class BackendRequests {
  readonly #limit: number;
  readonly #onRoom: () => void;
  #inFlight = 0;
  #stale = 0;
  #life = 0;
  #paused = false;
  #waiting: (() => void)[] = [];

  /**
   * @param limit - Requests at a time.
   * @param onRoom - Called when a request has ended and another can begin.
   */
  constructor(limit: number, onRoom: () => void) {
    this.#limit = limit;
    this.#onRoom = onRoom;
  }

  /** Whether another request can begin. */
  get room(): boolean {
    return !this.#paused && this.#stale === 0 && this.#inFlight < this.#limit;
  }

  /** Whether no request is in flight, and one can begin. */
  get idle(): boolean {
    return this.room && this.#inFlight === 0;
  }

  /** Begins a request, which must not reject: what can go wrong in a backend is part of its answer. */
  begin(request: () => Promise<void>): void {
    const life = this.#life;
    this.#inFlight++;
    const end = () => {
      this.#inFlight--;
      if (life !== this.#life) this.#stale--;
      if (this.#inFlight === 0) for (const done of this.#waiting.splice(0)) done();
      if (this.room) this.#onRoom();
    };
    void request().finally(end);
  }

  reset(): void {
    this.#life++;
    this.#stale = this.#inFlight;
  }

  /** Resolves when no request is in flight. None begins before {@link resume}. */
  drain(): Promise<void> {
    this.#paused = true;
    if (this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  resume(): void {
    this.#paused = false;
  }

  /** @throws {Error} When requests are in flight, whose effect no saved state would have. */
  assertNone(): void {
    if (this.#inFlight > 0) throw new Error('requests are with the backend: drain the device first');
  }
}

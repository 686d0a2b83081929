/**
 * How much may be under way to the guest (RFC 5681). There is no network in between that could be congested, but the
 * frames that wait for the guest are bounded, and what is too much is lost.
 */

const INITIAL_SEGMENTS = 32;
/** More would only wait in front of the guest. */
const LARGEST = 256 * 1024;

export class CongestionWindow {
  readonly #segment: number;
  #bytes: number;
  #threshold = LARGEST;

  constructor(maximumSegment: number) {
    this.#segment = maximumSegment;
    this.#bytes = INITIAL_SEGMENTS * maximumSegment;
  }

  get bytes(): number {
    return Math.floor(this.#bytes);
  }

  acknowledged(count: number): void {
    const step = this.#bytes < this.#threshold ? count : (this.#segment * this.#segment) / this.#bytes;
    this.#bytes = Math.min(LARGEST, this.#bytes + step);
  }

  /** One segment was lost. */
  lost(inFlight: number): void {
    this.#threshold = Math.max(inFlight / 2, 2 * this.#segment);
    this.#bytes = this.#threshold;
  }

  /** Nothing came back for long. */
  timedOut(inFlight: number): void {
    this.lost(inFlight);
    this.#bytes = 2 * this.#segment;
  }
}

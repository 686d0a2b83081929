/** Channel reports that wait for STORE CHANNEL REPORT WORD (Principles of Operation, chapter 17, "Channel Report"). */
import { Crw } from '@zarch/arch';

/** Reports that wait at most; one that finds no room is lost, and the last kept one says so. */
const LIMIT = 64;

export class ChannelReports {
  #words: number[] = [];

  /** Adds a report of one or more chained words. */
  add(words: readonly number[]): void {
    if (this.#words.length + words.length <= LIMIT) {
      this.#words.push(...words);
      return;
    }
    const last = this.#words.length - 1;
    this.#words[last] = ((this.#words[last] ?? 0) | Crw.overflow) >>> 0;
  }

  /** Takes the next word; undefined when none waits. */
  take(): number | undefined {
    return this.#words.shift();
  }

  /** Puts a word back that could not be stored. */
  putBack(word: number): void {
    this.#words.unshift(word);
  }

  get words(): readonly number[] {
    return this.#words.slice();
  }

  set words(words: readonly number[]) {
    this.#words = words.slice();
  }
}

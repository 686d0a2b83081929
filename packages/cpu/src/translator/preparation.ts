/**
 * Gets regions of earlier runs ready: has the vCPU know them and the host's first compiler done with them. It takes those
 * that the guest uses, and ahead of it those that come next in their segment, where they are in the order of their first
 * use. Other segments are looked at when there is nothing else to do.
 */
import { Exercise, type ExercisedRegions } from './exercise.ts';
import type { TranslationRequest, TranslatorAnswer } from './translation.ts';
import type { Translator } from './translator.ts';

/** Segments that most runs need. */
const EARLY = 2;
/** Regions that are got ready ahead of one that is used. */
const AHEAD = 128;
/** Regions that are told of together. */
const BATCH = 16;

export class Preparation {
  readonly #translator: Translator;
  readonly #exercise: Exercise;
  readonly #answer: (answer: TranslatorAnswer) => void;
  /** By segment that the vCPU has been told of, its regions; undefined when it is damaged. */
  readonly #told = new Map<number, ExercisedRegions | undefined>();
  /** Segments whose regions are looked at when something is requested. */
  #known = EARLY;
  readonly #wanted = new Set<number>();
  readonly #done = new Set<number>();
  #ready: number[] = [];

  /**
   * @param cpuModule - The CPU's.
   * @param answer - Posts something to the vCPU's thread.
   */
  constructor(
    translator: Translator,
    cpuModule: WebAssembly.Module,
    answer: (answer: TranslatorAnswer) => void,
  ) {
    this.#translator = translator;
    this.#exercise = new Exercise(cpuModule);
    this.#answer = answer;
    for (const { firstId } of translator.storedSegments.slice(0, EARLY)) this.want(firstId);
  }

  /** Notes that the guest uses a region, or would use it. */
  want(id: number): void {
    const end = Math.min(id + AHEAD, this.#translator.segmentEnd(id));
    for (let next = id; next < end; next++) if (!this.#done.has(next)) this.#wanted.add(next);
  }

  /** Whether what is requested is a region of an earlier run; it is then wanted. */
  meets(request: TranslationRequest): boolean {
    for (let segment = EARLY; segment < this.#known; segment++) {
      if (this.#told.has(segment)) continue;
      const id = this.#translator.findStored(segment, request);
      if (id === undefined) continue;
      this.want(id);
      return true;
    }
    return false;
  }

  /** Does one more piece of what there is to do; false when that is nothing. */
  next(): boolean {
    const [id] = this.#wanted;
    if (id !== undefined) this.#prepare(id);
    else if (this.#known < this.#translator.storedSegments.length)
      this.#translator.readSegment(this.#known++);
    else return false;
    return true;
  }

  #prepare(id: number): void {
    this.#wanted.delete(id);
    this.#done.add(id);
    const { segment, index } = this.#translator.storedPlace(id);
    const region = this.#segment(segment)?.[`${index}`];
    if (region) {
      this.#exercise.run(region);
      this.#ready.push(id);
    }
    if (this.#ready.length < BATCH && this.#wanted.size > 0) return;
    if (this.#ready.length > 0) this.#answer({ kind: 'ready', ids: this.#ready });
    this.#ready = [];
  }

  #segment(segment: number): ExercisedRegions | undefined {
    if (this.#told.has(segment)) return this.#told.get(segment);
    const stored = this.#translator.load(segment);
    if (stored) this.#answer(stored);
    const regions = stored && this.#exercise.add(stored.module);
    this.#told.set(segment, regions);
    return regions;
  }
}

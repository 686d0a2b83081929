/** A translator on a thread of its own: takes requests of a vCPU's thread and answers with compiled modules. */
import {
  Exercise,
  type Translation,
  type TranslationRequest,
  Translator,
  type TranslatorOptions,
} from '@zarch/cpu';
import { type VcpuPlace, Vm, type VmHandle } from '@zarch/kvm';
import { Mailbox } from './vcpu-protocol.ts';

export interface TranslatorWorkerData {
  readonly vm: VmHandle;
  readonly cpuAddress: number;
  /** The vCPU's, where its thread has to be told of messages. */
  readonly mailbox?: SharedArrayBuffer | undefined;
}

/** Regions in one module: each module costs the vCPU's thread some tenths of a millisecond. */
const BATCH = 8;

export class TranslatorLoop {
  readonly #translator: Translator;
  readonly #place: VcpuPlace;
  readonly #cpuModule: WebAssembly.Module;
  #exercises: Generator<void> | undefined;
  readonly #mailbox: Int32Array | undefined;
  readonly #answer: (translation: Translation) => void;

  /**
   * @param answer - Posts a translation to the vCPU's thread.
   * @param options - Those of {@link Translator}.
   */
  constructor(
    { vm: handle, cpuAddress, mailbox }: TranslatorWorkerData,
    answer: (translation: Translation) => void,
    options?: TranslatorOptions,
  ) {
    const vm = new Vm(handle.options, handle);
    const place = vm.places[cpuAddress];
    if (!place) throw new RangeError(`no CPU ${cpuAddress}`);
    this.#place = place;
    this.#cpuModule = handle.module;
    this.#translator = new Translator(vm.host, handle.options.memorySize, options);
    this.#mailbox = mailbox && new Int32Array(mailbox);
    this.#answer = answer;
  }

  /** Answers with what earlier runs have translated; comes before any requests. */
  begin(): void {
    const modules: WebAssembly.Module[] = [];
    for (const translation of this.#translator.begin(this.#place.block)) {
      this.#post(translation);
      if (translation.module) modules.push(translation.module);
    }
    this.#exercises = this.#exercise(modules);
  }
  /** Has one more region of earlier runs compiled, which the guest's thread need not do then; false when all are. */
  exercise(): boolean {
    return this.#exercises?.next().done === false;
  }
  *#exercise(modules: readonly WebAssembly.Module[]): Generator<void> {
    const exercise = new Exercise(this.#cpuModule);
    for (const module of modules) yield* exercise.run(module);
  }

  /** Notes that regions of earlier runs are used. */
  use(ids: readonly number[]): void {
    this.#translator.use(ids);
  }
  /** The store with what this run has added, if that is worth keeping. */
  encodeStore(): Uint8Array<ArrayBuffer> | undefined {
    return this.#translator.encodeStore();
  }

  /**
   * Meets requests, those for the code that has been visited most first.
   *
   * @param next - Gives requests that have come meanwhile, as long as there are any.
   */
  serve(first: readonly TranslationRequest[], next: () => readonly TranslationRequest[] | undefined): void {
    let waiting = [...first];
    while (waiting.length > 0) {
      for (let more = next(); more; more = next()) waiting.push(...more);
      const visits = new Map(waiting.map((request) => [request, this.#visits(request)]));
      waiting.sort((a, b) => (visits.get(b) ?? 0) - (visits.get(a) ?? 0));
      this.#meet(waiting.slice(0, BATCH));
      waiting = waiting.slice(BATCH);
    }
  }

  #visits({ pointer }: TranslationRequest): number {
    return this.#translator.visits(this.#place.block, pointer);
  }

  #meet(requests: readonly TranslationRequest[]): void {
    this.#post(this.#translator.translate(this.#place.block, requests));
  }

  #post(translation: Translation): void {
    this.#answer(translation);
    if (!this.#mailbox) return;
    Atomics.add(this.#mailbox, Mailbox.messages, 1);
    this.#place.local.requestExit();
  }
}

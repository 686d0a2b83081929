/** A translator on a thread of its own: takes requests of a vCPU's thread and answers with compiled modules. */
import {
  Preparation,
  type Translation,
  type TranslationRequest,
  Translator,
  type TranslatorAnswer,
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

/** What a translator's thread gives its loop. */
export interface TranslatorLoopHost {
  /** Posts an answer to the vCPU's thread. */
  readonly answer: (answer: TranslatorAnswer) => void;
  /** Does some work after what has come until then. */
  readonly defer: (work: () => void) => void;
}

const NOTHING_TRANSLATED: Translation = {
  ...{ kind: 'translation', module: undefined, regions: [] },
  ...{ answered: 0, impossible: [], postponed: [], places: 0, restart: false },
};
/** Regions in one module: each module costs the vCPU's thread some tenths of a millisecond. */
const BATCH = 8;

export class TranslatorLoop {
  readonly #translator: Translator;
  readonly #place: VcpuPlace;
  readonly #cpuModule: WebAssembly.Module;
  #preparation: Preparation | undefined;
  readonly #mailbox: Int32Array | undefined;
  readonly #host: TranslatorLoopHost;
  #isPreparing = false;

  /** @param options - Those of {@link Translator}. */
  constructor(
    { vm: handle, cpuAddress, mailbox }: TranslatorWorkerData,
    host: TranslatorLoopHost,
    options?: TranslatorOptions,
  ) {
    const vm = new Vm(handle.options, handle);
    const place = vm.places[cpuAddress];
    if (!place) throw new RangeError(`no CPU ${cpuAddress}`);
    this.#place = place;
    this.#cpuModule = handle.module;
    this.#translator = new Translator(vm.host, handle.options.memorySize, options);
    this.#mailbox = mailbox && new Int32Array(mailbox);
    this.#host = host;
  }

  /** Tells that the vCPU is ready: what earlier runs have translated can be made so. Comes before any requests. */
  begin(): void {
    this.#translator.begin(this.#place.block);
    if (this.#translator.storedSegments.length === 0) return;
    this.#preparation = new Preparation(this.#translator, this.#cpuModule, (answer) => this.#post(answer));
    this.#prepareSoon();
  }
  /** Makes more regions of earlier runs ready, while there is nothing better to do. */
  #prepareSoon(): void {
    if (!this.#preparation || this.#isPreparing) return;
    this.#isPreparing = true;
    this.#host.defer(() => {
      this.#isPreparing = false;
      if (this.#preparation?.next()) this.#prepareSoon();
    });
  }

  /** Notes that regions of earlier runs are used. */
  use(ids: readonly number[]): void {
    this.#translator.use(ids);
    this.want(ids);
  }
  /** Notes that regions of earlier runs would be used. */
  want(ids: readonly number[]): void {
    for (const id of ids) this.#preparation?.want(id);
    this.#prepareSoon();
  }
  /** The store with what this run has added, if that is worth keeping. */
  encodeStore(): Iterable<Uint8Array<ArrayBuffer>> | undefined {
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
    this.#prepareSoon();
  }

  #visits({ pointer }: TranslationRequest): number {
    return this.#translator.visits(this.#place.block, pointer);
  }

  #meet(requests: readonly TranslationRequest[]): void {
    const isKept = (request: TranslationRequest) => this.#preparation?.meets(request) === true;
    const kept = new Set(requests.filter(isKept));
    const others = requests.filter((request) => !kept.has(request));
    const translation =
      others.length > 0 ? this.#translator.translate(this.#place.block, others) : NOTHING_TRANSLATED;
    const postponed = [...translation.postponed, ...[...kept].map(({ pointer }) => pointer)];
    this.#post({ ...translation, answered: requests.length, postponed });
  }

  #post(answer: TranslatorAnswer): void {
    this.#host.answer(answer);
    if (!this.#mailbox) return;
    Atomics.add(this.#mailbox, Mailbox.messages, 1);
    this.#place.local.requestExit();
  }
}

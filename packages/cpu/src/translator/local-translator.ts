/** A translator on the vCPU's own thread: a request is met at once. */
import type {
  KeptTranslations,
  TranslationRequest,
  TranslatorAnswer,
  TranslatorPort,
} from './translation.ts';
import type { Translator } from './translator.ts';

export class LocalTranslator implements TranslatorPort {
  readonly kept: KeptTranslations = {
    begin: () => this.#begin(),
    use: (ids) => this.#translator.use(ids),
    want: () => {},
  };
  readonly #translator: Translator;
  readonly #cpu: number;
  readonly #answers: TranslatorAnswer[] = [];

  /** @param cpu - Host address of the vCPU's block. */
  constructor(translator: Translator, cpu: number) {
    this.#translator = translator;
    this.#cpu = cpu;
  }

  request(requests: readonly TranslationRequest[]): void {
    this.#answers.push(this.#translator.translate(this.#cpu, requests));
  }
  take(): TranslatorAnswer | undefined {
    return this.#answers.shift();
  }

  /** Everything that is kept is ready at once: it is compiled when it is called. */
  #begin(): void {
    this.#translator.begin(this.#cpu);
    for (const segment of this.#translator.storedSegments.keys()) {
      const stored = this.#translator.load(segment);
      if (!stored) continue;
      this.#answers.push(stored, { kind: 'ready', ids: stored.regions.map((_, i) => stored.firstId + i) });
    }
  }
}

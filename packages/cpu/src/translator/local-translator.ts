/** A translator on the vCPU's own thread: a request is met at once. */
import type { KeptTranslations, Translation, TranslationRequest, TranslatorPort } from './translation.ts';
import type { Translator } from './translator.ts';

export class LocalTranslator implements TranslatorPort {
  readonly kept: KeptTranslations = {
    begin: () => {
      this.#finished.push(...this.#translator.begin(this.#cpu));
    },
    use: (ids) => this.#translator.use(ids),
  };
  readonly #translator: Translator;
  readonly #cpu: number;
  readonly #finished: Translation[] = [];

  /** @param cpu - Host address of the vCPU's block. */
  constructor(translator: Translator, cpu: number) {
    this.#translator = translator;
    this.#cpu = cpu;
  }

  request(requests: readonly TranslationRequest[]): void {
    this.#finished.push(this.#translator.translate(this.#cpu, requests));
  }
  take(): Translation | undefined {
    return this.#finished.shift();
  }
}

/** What a vCPU and a translator, which may be on another thread, tell each other: all of it can be posted. */

/** Code that is worth translating. */
export interface TranslationRequest {
  /** Logical address, and the host pointer to which it is mapped. */
  readonly address: bigint;
  readonly pointer: number;
}

/** Bytes that code was made of, where they were. */
export interface CodeBytes {
  /** Number of the 4 KiB block of absolute storage. */
  readonly block: number;
  /** Host address of the lowest byte: the last of the instruction text. */
  readonly host: number;
  /** In the order of host storage. */
  readonly bytes: Uint8Array;
}

/** A function of a module of regions. */
export interface TranslatedRegion {
  readonly name: string;
  /** Host pointer of its first instruction. */
  readonly pointer: number;
  /** Its place in the module's table: other regions go on to it by that. */
  readonly place: number;
  readonly code: readonly CodeBytes[];
  /** Guest instructions in it. */
  readonly instructions: number;
}

/** The answer to requests. */
export interface Translation {
  readonly kind: 'translation';
  /** Undefined when nothing could be translated. */
  readonly module: WebAssembly.Module | undefined;
  /** Those that were asked for, and loops that what was asked for is in the middle of. */
  readonly regions: readonly TranslatedRegion[];
  /** Requests that this answers. */
  readonly answered: number;
  /** Host pointers of requests that cannot be met. */
  readonly impossible: readonly number[];
  /** Those that are worth it when they have been visited as often again: they are inside other regions, or kept ones. */
  readonly postponed: readonly number[];
  /** Places in the module's table that are used up to now, those of code that is not translated included. */
  readonly places: number;
  /** All regions before this translation are to be forgotten: places are given out anew. */
  readonly restart: boolean;
}

/** A segment of regions of earlier runs, which are of use when their code is there and they are ready. */
export interface StoredSegment {
  readonly kind: 'segment';
  readonly module: WebAssembly.Module;
  readonly regions: readonly TranslatedRegion[];
  /** The number of the first of them; those of the others follow. */
  readonly firstId: number;
  readonly places: number;
}

/** Regions of earlier runs, by their numbers, that the host's compiler is done with. Their segments have come before. */
export interface ReadyRegions {
  readonly kind: 'ready';
  readonly ids: readonly number[];
}

export type TranslatorAnswer = Translation | StoredSegment | ReadyRegions;

/** A vCPU's way to its translator. */
export interface TranslatorPort {
  /** Each request is answered sooner or later: with a region, as impossible, or as postponed. */
  request(requests: readonly TranslationRequest[]): void;
  /** The next answer, if there is one. */
  take(): TranslatorAnswer | undefined;
  /** Where translations are kept from run to run. */
  readonly kept?: KeptTranslations | undefined;
}

/** A vCPU's way to translations of earlier runs, which have numbers. */
export interface KeptTranslations {
  /** Tells that the vCPU's block is filled in. Translations of earlier runs may come from now on. */
  begin(): void;
  /** Tells that regions are used. */
  use(ids: readonly number[]): void;
  /** Tells that regions would be used, were they ready. */
  want(ids: readonly number[]): void;
}

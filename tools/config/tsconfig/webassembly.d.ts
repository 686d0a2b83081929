/**
 * The part of the WebAssembly JavaScript API that zarch uses. Packages compile without the DOM library, so
 * that no browser or Node global can slip in; WebAssembly, which every host has, is declared here.
 */
declare namespace WebAssembly {
  interface MemoryDescriptor {
    readonly initial: number;
    readonly maximum?: number;
    readonly shared?: boolean;
  }
  class Memory {
    constructor(descriptor: MemoryDescriptor);
    readonly buffer: ArrayBuffer | SharedArrayBuffer;
  }
  interface TableDescriptor {
    readonly element: 'anyfunc';
    readonly initial: number;
    readonly maximum?: number;
  }
  class Table {
    constructor(descriptor: TableDescriptor);
    readonly length: number;
    get(index: number): unknown;
    set(index: number, value: unknown): void;
    /** Adds empty places; the place of the first. */
    grow(delta: number, value?: CallableFunction): number;
  }
  type Imports = Readonly<Record<string, Readonly<Record<string, ImportValue>>>>;
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }
  type ImportValue = ((...args: never[]) => unknown) | number | bigint | Memory | Table | Global;
  class Global {
    constructor(descriptor: { readonly value: string; readonly mutable?: boolean }, value?: unknown);
    value: unknown;
  }
  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Readonly<Record<string, unknown>>;
  }
  class CompileError extends Error {}
  function validate(bytes: Uint8Array<ArrayBuffer>): boolean;
}

/** UTF-8 encoder and decoder, which every host has too (Encoding Standard). */
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { readonly fatal?: boolean });
  decode(bytes: Uint8Array, options?: { readonly stream?: boolean }): string;
}

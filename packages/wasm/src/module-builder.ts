/** Builds a module: imports, functions, globals, a table and exports (core specification, section 5.5). */
import { ByteWriter } from './byte-writer.ts';
import { type FunctionBody, FunctionBuilder, type FunctionRef, type GlobalRef } from './function-builder.ts';
import { type AddressWidth, concrete, type FunctionType, type ValueType, valueTypeCode } from './types.ts';

export interface MemoryImport {
  readonly module: string;
  readonly name: string;
  /** In 64 KiB pages. */
  readonly initialPages: number;
  readonly maximumPages: number;
  readonly shared: boolean;
}

interface Definition {
  readonly ref: FunctionRef;
  body: FunctionBody | undefined;
}

interface FunctionImport {
  readonly module: string;
  readonly ref: FunctionRef;
}

interface GlobalDefinition {
  readonly ref: GlobalRef;
  readonly mutable: boolean;
  readonly from: { readonly module: string; readonly name: string } | { readonly initial: number | bigint };
}

export class ModuleBuilder {
  readonly width: AddressWidth;
  readonly #types: FunctionType[] = [];
  readonly #imports: FunctionImport[] = [];
  readonly #definitions: Definition[] = [];
  readonly #globals: GlobalDefinition[] = [];
  readonly #exports: { readonly name: string; readonly kind: number; readonly index: number }[] = [];
  readonly #elements: number[] = [];
  #memory: MemoryImport | undefined;
  #tableExport: string | undefined;
  #tableImport: { readonly module: string; readonly name: string } | undefined;

  /** @param width - Bits in an address of the imported memory. */
  constructor(width: AddressWidth = 32) {
    this.width = width;
  }

  importMemory(memory: MemoryImport): void {
    this.#memory = memory;
  }

  /** Imports come before the first definition, since they share one index space. */
  importFunction<const P extends readonly ValueType[], const R extends readonly ValueType[]>(
    module: string,
    name: string,
    params: P,
    results: R,
  ): FunctionRef<R> {
    if (this.#definitions.length > 0) throw new Error(`import ${name} before defining functions`);
    const ref = { name, index: this.#imports.length, type: { params, results } };
    this.#imports.push({ module, ref });
    return ref;
  }

  /** Declares a function, so that others may call it before {@link define} gives its body. */
  declare<const P extends readonly ValueType[], const R extends readonly ValueType[]>(
    name: string,
    params: P,
    results: R,
  ): FunctionRef<R> {
    const index = this.#imports.length + this.#definitions.length;
    const ref = { name, index, type: { params, results } };
    this.#definitions.push({ ref, body: undefined });
    return ref;
  }

  define(ref: FunctionRef, build: (body: FunctionBuilder) => void): void {
    const definition = this.#definitions[ref.index - this.#imports.length];
    if (definition?.ref !== ref) throw new Error(`${ref.name} is not a function of this module`);
    if (definition.body) throw new Error(`${ref.name} is defined twice`);
    const builder = new FunctionBuilder(ref.type, this.width);
    build(builder);
    definition.body = builder.finish();
  }

  /** Declares and defines in one step. */
  function<const P extends readonly ValueType[], const R extends readonly ValueType[]>(
    name: string,
    params: P,
    results: R,
    build: (body: FunctionBuilder) => void,
  ): FunctionRef<R> {
    const ref = this.declare(name, params, results);
    this.define(ref, build);
    return ref;
  }

  importGlobal<T extends ValueType>(module: string, name: string, type: T): GlobalRef<T> {
    if (this.#globals.some((other) => 'initial' in other.from)) {
      throw new Error(`import the global ${name} before defining globals`);
    }
    const ref = { index: this.#globals.length, type };
    this.#globals.push({ ref, mutable: false, from: { module, name } });
    return ref;
  }

  defineGlobal<T extends ValueType>(type: T, initial: number | bigint): GlobalRef<T> {
    const ref = { index: this.#globals.length, type };
    this.#globals.push({ ref, mutable: true, from: { initial } });
    return ref;
  }

  export(name: string, ref: FunctionRef): void {
    this.#exports.push({ name, kind: 0, index: ref.index });
  }

  /** Puts a function into the module's own table and returns its place there. */
  tableEntry(ref: FunctionRef): number {
    return this.#elements.push(ref.index) - 1;
  }

  /** Imports the table of indirect calls, instead of one of the module's own. */
  importTable(module: string, name: string): void {
    this.#tableImport = { module, name };
  }

  /** Exports the module's own table, which others may then grow and fill. */
  exportTable(name: string): void {
    this.#tableExport = name;
  }

  /** The index of a function type, for indirect calls. */
  typeIndex(params: readonly ValueType[], results: readonly ValueType[]): number {
    const key = signature({ params, results });
    const found = this.#types.findIndex((type) => signature(type) === key);
    return found >= 0 ? found : this.#types.push({ params, results }) - 1;
  }

  /** The module in the binary format. */
  finish(): Uint8Array<ArrayBuffer> {
    const importTypes = this.#imports.map(({ ref }) => this.typeIndex(ref.type.params, ref.type.results));
    const types = this.#definitions.map(({ ref }) => this.typeIndex(ref.type.params, ref.type.results));
    const out = new ByteWriter();
    out.bytes(new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]));
    vector(out, 1, this.#types, (type, s) => this.#encodeType(type, s));
    this.#encodeImports(out, importTypes);
    vector(out, 3, types, (index, s) => s.u32(index));
    if (this.#elements.length > 0) {
      vector(out, 4, [this.#elements.length], (size, s) => {
        const growable = this.#tableExport !== undefined;
        s.u8(0x70);
        s.u8(growable ? 0x00 : 0x01);
        s.u32(size);
        if (!growable) s.u32(size);
      });
    }
    const defined = this.#globals.filter((global) => 'initial' in global.from);
    vector(out, 6, defined, (global, s) => this.#encodeGlobal(global, s));
    const table = this.#tableExport === undefined ? [] : [{ name: this.#tableExport, kind: 1, index: 0 }];
    vector(out, 7, [...this.#exports, ...table], (entry, s) => {
      s.name(entry.name);
      s.u8(entry.kind);
      s.u32(entry.index);
    });
    if (this.#elements.length > 0) {
      vector(out, 9, [this.#elements], (elements, s) => {
        for (const byte of [0x00, 0x41, 0x00, 0x0b]) s.u8(byte);
        s.u32(elements.length);
        for (const index of elements) s.u32(index);
      });
    }
    this.#encodeHints(out);
    vector(out, 10, this.#definitions, ({ ref, body }, s) => {
      if (!body) throw new Error(`${ref.name} is declared and never defined`);
      s.bytes(body.bytes);
    });
    this.#encodeNames(out);
    return out.view().slice();
  }

  #code(type: ValueType): number {
    return valueTypeCode[concrete(type, this.width)];
  }

  #encodeType(type: FunctionType, out: ByteWriter): void {
    out.u8(0x60);
    for (const list of [type.params, type.results]) {
      out.u32(list.length);
      for (const item of list) out.u8(this.#code(item));
    }
  }

  #encodeImports(out: ByteWriter, types: readonly number[]): void {
    const writers: ((s: ByteWriter) => void)[] = [];
    const memory = this.#memory;
    if (memory) {
      writers.push((s) => {
        s.name(memory.module);
        s.name(memory.name);
        s.u8(0x02);
        s.u8(0x01 | (memory.shared ? 0x02 : 0) | (this.width === 64 ? 0x04 : 0));
        s.u32(memory.initialPages);
        s.u32(memory.maximumPages);
      });
    }
    const table = this.#tableImport;
    if (table) {
      writers.push((s) => {
        s.name(table.module);
        s.name(table.name);
        for (const byte of [0x01, 0x70, 0x00, 0x00]) s.u8(byte);
      });
    }
    for (const [i, { module, ref }] of this.#imports.entries()) {
      writers.push((s) => {
        s.name(module);
        s.name(ref.name);
        s.u8(0x00);
        s.u32(types[i] ?? 0);
      });
    }
    for (const { ref, from } of this.#globals) {
      if (!('module' in from)) continue;
      writers.push((s) => {
        s.name(from.module);
        s.name(from.name);
        s.u8(0x03);
        s.u8(this.#code(ref.type));
        s.u8(0x00);
      });
    }
    vector(out, 2, writers, (write, s) => write(s));
  }

  #encodeGlobal({ ref, mutable, from }: GlobalDefinition, out: ByteWriter): void {
    const type = concrete(ref.type, this.width);
    if (!('initial' in from)) return;
    out.u8(valueTypeCode[type]);
    out.u8(mutable ? 0x01 : 0x00);
    if (type === 'i32') {
      out.u8(0x41);
      out.s32(Number(from.initial));
    } else if (type === 'i64') {
      out.u8(0x42);
      out.s64(BigInt(from.initial));
    } else {
      throw new Error(`a global of type ${type} is not supported`);
    }
    out.u8(0x0b);
  }

  /** Which branches are likely (proposal "branch hinting", section "metadata.code.branch_hint"). */
  #encodeHints(out: ByteWriter): void {
    const hinted = this.#definitions.filter(({ body }) => body && body.hints.length > 0);
    if (hinted.length === 0) return;
    const section = new ByteWriter();
    section.name('metadata.code.branch_hint');
    section.u32(hinted.length);
    for (const { ref, body } of hinted) {
      const hints = body?.hints ?? [];
      section.u32(ref.index);
      section.u32(hints.length);
      for (const { at, likely } of hints) {
        section.u32(at);
        section.u32(1);
        section.u8(likely ? 1 : 0);
      }
    }
    out.u8(0x00);
    out.u32(section.length);
    out.bytes(section.view());
  }

  /** The name section, so that profilers and stack traces show functions by name. */
  #encodeNames(out: ByteWriter): void {
    const refs = [...this.#imports.map(({ ref }) => ref), ...this.#definitions.map(({ ref }) => ref)];
    const names = new ByteWriter();
    names.u32(refs.length);
    for (const ref of refs) {
      names.u32(ref.index);
      names.name(ref.name);
    }
    const section = new ByteWriter();
    section.name('name');
    section.u8(0x01);
    section.u32(names.length);
    section.bytes(names.view());
    out.u8(0x00);
    out.u32(section.length);
    out.bytes(section.view());
  }
}

function vector<T>(
  out: ByteWriter,
  id: number,
  items: readonly T[],
  write: (item: T, out: ByteWriter) => void,
): void {
  if (items.length === 0) return;
  const section = new ByteWriter();
  section.u32(items.length);
  for (const item of items) write(item, section);
  out.u8(id);
  out.u32(section.length);
  out.bytes(section.view());
}

function signature(type: FunctionType): string {
  return `${type.params.join()}:${type.results.join()}`;
}

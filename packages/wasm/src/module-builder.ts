/** Builds a module: imports, functions, globals, a table and exports (core specification, section 5.5). */
import { ByteWriter } from './byte-writer.ts';
import { type FunctionBody, FunctionBuilder, type FunctionRef, type GlobalRef } from './function-builder.ts';
import { Imports, type MemoryImport } from './imports.ts';
import { type AddressWidth, concrete, type FunctionType, type ValueType, valueTypeCode } from './types.ts';

interface Definition {
  readonly ref: FunctionRef;
  readonly typeIndex: number;
  body: FunctionBody | undefined;
}

interface GlobalDefinition {
  readonly ref: GlobalRef;
  readonly initial: number | bigint;
}

export class ModuleBuilder {
  readonly width: AddressWidth;
  readonly #types: FunctionType[];
  readonly #imports: Imports;
  readonly #definitions: Definition[] = [];
  readonly #globals: GlobalDefinition[] = [];
  readonly #exports: { readonly name: string; readonly kind: number; readonly index: number }[] = [];
  readonly #elements: number[] = [];
  #tableExport: string | undefined;
  /** Where bodies are put together, unless one is being put together there. */
  #scratch: ByteWriter | undefined = new ByteWriter(4096);

  /**
   * @param width - Bits in an address of the imported memory.
   * @param like - A builder of modules with the same imports: what they cost is paid once, and neither can add to them.
   */
  constructor(width: AddressWidth = 32, like?: ModuleBuilder) {
    this.width = width;
    this.#types = like ? [...like.#types] : [];
    this.#imports = like ? like.#imports : new Imports();
    if (like) this.#imports.seal();
  }

  importMemory(memory: MemoryImport): void {
    this.#imports.addMemory(memory);
  }

  /** Imports come before the first definition, since they share one index space. */
  importFunction<const P extends readonly ValueType[], const R extends readonly ValueType[]>(
    module: string,
    name: string,
    params: P,
    results: R,
  ): FunctionRef<R> {
    if (this.#definitions.length > 0) throw new Error(`import ${name} before defining functions`);
    const ref = { name, index: this.#imports.functionCount, type: { params, results } };
    this.#imports.addFunction({ module, name, ref, typeIndex: this.typeIndex(params, results) });
    return ref;
  }

  /** Declares a function, so that others may call it before {@link define} gives its body. */
  declare<const P extends readonly ValueType[], const R extends readonly ValueType[]>(
    name: string,
    params: P,
    results: R,
  ): FunctionRef<R> {
    const index = this.#imports.functionCount + this.#definitions.length;
    const ref = { name, index, type: { params, results } };
    this.#definitions.push({ ref, typeIndex: this.typeIndex(params, results), body: undefined });
    return ref;
  }

  define(ref: FunctionRef, build: (body: FunctionBuilder) => void): void {
    const definition = this.#definitions[ref.index - this.#imports.functionCount];
    if (definition?.ref !== ref) throw new Error(`${ref.name} is not a function of this module`);
    if (definition.body) throw new Error(`${ref.name} is defined twice`);
    const out = this.#scratch ?? new ByteWriter();
    this.#scratch = undefined;
    const builder = new FunctionBuilder(ref.type, this.width, out);
    build(builder);
    definition.body = builder.finish();
    out.clear();
    this.#scratch = out;
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

  /** The body of a function that is defined, for {@link adopt}. */
  bodyOf(ref: FunctionRef): FunctionBody {
    const body = this.#definitions[ref.index - this.#imports.functionCount]?.body;
    if (!body) throw new Error(`${ref.name} is not defined in this module`);
    return body;
  }

  /** Defines a function by the body of one in another module that has the same imports and types. */
  adopt<const P extends readonly ValueType[], const R extends readonly ValueType[]>(
    name: string,
    params: P,
    results: R,
    body: FunctionBody,
  ): FunctionRef<R> {
    const ref = this.declare(name, params, results);
    const definition = this.#definitions.at(-1);
    if (definition) definition.body = body;
    return ref;
  }

  importGlobal<T extends ValueType>(module: string, name: string, type: T): GlobalRef<T> {
    if (this.#globals.length > 0) throw new Error(`import the global ${name} before defining globals`);
    const ref = { index: this.#imports.globalCount, type };
    this.#imports.addGlobal({ module, name, ref });
    return ref;
  }

  defineGlobal<T extends ValueType>(type: T, initial: number | bigint): GlobalRef<T> {
    const ref = { index: this.#imports.globalCount + this.#globals.length, type };
    this.#globals.push({ ref, initial });
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
    this.#imports.addTable({ module, name });
  }

  /** Exports the module's own table, which others may then grow and fill. */
  exportTable(name: string): void {
    this.#tableExport = name;
  }

  /** The index of a function type, for indirect calls. */
  typeIndex(params: readonly ValueType[], results: readonly ValueType[]): number {
    const found = this.#types.findIndex((type) => same(type.params, params) && same(type.results, results));
    return found >= 0 ? found : this.#types.push({ params, results }) - 1;
  }

  /** The module in the binary format. */
  finish(): Uint8Array<ArrayBuffer> {
    const bodies = this.#definitions.map(({ ref, body }) => {
      if (!body) throw new Error(`${ref.name} is declared and never defined`);
      return body;
    });
    const size = bodies.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const out = new ByteWriter(size + 8192);
    out.bytes(new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]));
    vector(out, 1, this.#types, (type, s) => this.#encodeType(type, s));
    section(out, 2, this.#imports.section(this.width));
    vector(out, 3, this.#definitions, ({ typeIndex }, s) => s.u32(typeIndex));
    if (this.#elements.length > 0) {
      vector(out, 4, [this.#elements.length], (count, s) => {
        const growable = this.#tableExport !== undefined;
        s.u8(0x70);
        s.u8(growable ? 0x00 : 0x01);
        s.u32(count);
        if (!growable) s.u32(count);
      });
    }
    vector(out, 6, this.#globals, (global, s) => this.#encodeGlobal(global, s));
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
    if (bodies.length > 0) {
      const count = new ByteWriter(8);
      count.u32(bodies.length);
      out.u8(10);
      out.u32(count.length + size);
      out.bytes(count.view());
      for (const { bytes } of bodies) out.bytes(bytes);
    }
    this.#encodeNames(out);
    return out.view().slice();
  }

  #encodeType(type: FunctionType, out: ByteWriter): void {
    out.u8(0x60);
    for (const list of [type.params, type.results]) {
      out.u32(list.length);
      for (const item of list) out.u8(valueTypeCode[concrete(item, this.width)]);
    }
  }

  #encodeGlobal({ ref, initial }: GlobalDefinition, out: ByteWriter): void {
    const type = concrete(ref.type, this.width);
    out.u8(valueTypeCode[type]);
    out.u8(0x01);
    if (type === 'i32') {
      out.u8(0x41);
      out.s32(Number(initial));
    } else if (type === 'i64') {
      out.u8(0x42);
      out.s64(initial);
    } else {
      throw new Error(`a global of type ${type} is not supported`);
    }
    out.u8(0x0b);
  }

  /** Which branches are likely (proposal "branch hinting", section "metadata.code.branch_hint"). */
  #encodeHints(out: ByteWriter): void {
    const hinted = this.#definitions.filter(({ body }) => body && body.hints.length > 0);
    if (hinted.length === 0) return;
    const contents = new ByteWriter(4096);
    contents.name('metadata.code.branch_hint');
    contents.u32(hinted.length);
    for (const { ref, body } of hinted) {
      const { hints, start } = body ?? { hints: [], start: 0 };
      contents.u32(ref.index);
      contents.u32(hints.length);
      for (const { at, likely } of hints) {
        contents.u32(start + at);
        contents.u32(1);
        contents.u8(likely ? 1 : 0);
      }
    }
    section(out, 0, contents.view());
  }

  /** The name section, so that profilers and stack traces show functions by name. */
  #encodeNames(out: ByteWriter): void {
    const names = new ByteWriter(2048);
    names.u32(this.#imports.functionCount + this.#definitions.length);
    names.bytes(this.#imports.names());
    for (const { ref } of this.#definitions) {
      names.u32(ref.index);
      names.name(ref.name);
    }
    const contents = new ByteWriter(names.length + 16);
    contents.name('name');
    contents.u8(0x01);
    contents.u32(names.length);
    contents.bytes(names.view());
    section(out, 0, contents.view());
  }
}

/** A section with its size, unless it is empty. */
function section(out: ByteWriter, id: number, contents: Uint8Array): void {
  if (contents.length === 0) return;
  out.u8(id);
  out.u32(contents.length);
  out.bytes(contents);
}

function vector<T>(
  out: ByteWriter,
  id: number,
  items: readonly T[],
  write: (item: T, out: ByteWriter) => void,
): void {
  if (items.length === 0) return;
  const contents = new ByteWriter();
  contents.u32(items.length);
  for (const item of items) write(item, contents);
  section(out, id, contents.view());
}

function same(a: readonly ValueType[], b: readonly ValueType[]): boolean {
  return a === b || (a.length === b.length && a.every((type, i) => type === b[i]));
}

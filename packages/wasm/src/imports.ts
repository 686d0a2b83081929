/** What a module imports, and its import section (core specification, section 5.5.5). */
import { ByteWriter } from './byte-writer.ts';
import type { FunctionRef, GlobalRef } from './function-builder.ts';
import { type AddressWidth, concrete, valueTypeCode } from './types.ts';

export interface MemoryImport {
  readonly module: string;
  readonly name: string;
  /** In 64 KiB pages. */
  readonly initialPages: number;
  readonly maximumPages: number;
  readonly shared: boolean;
}

interface Imported {
  readonly module: string;
  readonly name: string;
}

interface FunctionImport extends Imported {
  readonly ref: FunctionRef;
  readonly typeIndex: number;
}

interface GlobalImport extends Imported {
  readonly ref: GlobalRef;
}

/** Nothing is added any more once several modules have them, or they are encoded, which is done once. */
export class Imports {
  readonly #functions: FunctionImport[] = [];
  readonly #globals: GlobalImport[] = [];
  #memory: MemoryImport | undefined;
  #table: Imported | undefined;
  #sealed = false;
  #section: Uint8Array | undefined;
  #names: Uint8Array | undefined;

  get functionCount(): number {
    return this.#functions.length;
  }
  get globalCount(): number {
    return this.#globals.length;
  }

  addMemory(memory: MemoryImport): void {
    this.#check(memory.name);
    this.#memory = memory;
  }
  addTable(table: Imported): void {
    this.#check(table.name);
    this.#table = table;
  }
  addFunction(added: FunctionImport): void {
    this.#check(added.name);
    this.#functions.push(added);
  }
  addGlobal(added: GlobalImport): void {
    this.#check(added.name);
    this.#globals.push(added);
  }

  seal(): void {
    this.#sealed = true;
  }

  /** The contents of the section; empty if nothing is imported. */
  section(width: AddressWidth): Uint8Array {
    this.seal();
    this.#section ??= this.#encode(width);
    return this.#section;
  }

  /** The functions' part of the name section. */
  names(): Uint8Array {
    this.seal();
    if (!this.#names) {
      const out = new ByteWriter();
      for (const { ref } of this.#functions) {
        out.u32(ref.index);
        out.name(ref.name);
      }
      this.#names = out.view();
    }
    return this.#names;
  }

  #check(name: string): void {
    if (this.#sealed) throw new Error(`${name} is imported too late`);
  }

  #encode(width: AddressWidth): Uint8Array {
    const memory = this.#memory;
    const table = this.#table;
    const count = this.#functions.length + this.#globals.length + (memory ? 1 : 0) + (table ? 1 : 0);
    const out = new ByteWriter();
    if (count > 0) out.u32(count);
    if (memory) {
      encodeName(out, memory);
      out.u8(0x02);
      out.u8(0x01 | (memory.shared ? 0x02 : 0) | (width === 64 ? 0x04 : 0));
      out.u32(memory.initialPages);
      out.u32(memory.maximumPages);
    }
    if (table) {
      encodeName(out, table);
      for (const byte of [0x01, 0x70, 0x00, 0x00]) out.u8(byte);
    }
    for (const imported of this.#functions) {
      encodeName(out, imported);
      out.u8(0x00);
      out.u32(imported.typeIndex);
    }
    for (const imported of this.#globals) {
      encodeName(out, imported);
      out.u8(0x03);
      out.u8(valueTypeCode[concrete(imported.ref.type, width)]);
      out.u8(0x00);
    }
    return out.view();
  }
}

function encodeName(out: ByteWriter, { module, name }: Imported): void {
  out.name(module);
  out.name(name);
}

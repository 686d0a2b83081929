/** Operands across pages, whose pages are anywhere in host storage. */
import { ModuleBuilder } from '@zarch/wasm';
import { expect, it } from 'vitest';
import { defineBounce } from './bounce.ts';
import { mmuLayout } from './mmu-layout.ts';

const BLOCK = 0x1000;
const FIRST = 0x8000;
const SECOND = 0x5000;

interface Exports {
  join(cpu: number, size: number, inPage: number, first: number, second: number): void;
  part(cpu: number, size: number, inPage: number, first: number, second: number): void;
}

const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
const bytes = new Uint8Array(memory.buffer);
const exports = build();

function build(): Exports {
  const module = new ModuleBuilder();
  module.importMemory({ module: 'host', name: 'memory', initialPages: 1, maximumPages: 1, shared: true });
  const { join, part } = defineBounce(module);
  module.export('join', join);
  module.export('part', part);
  const compiled = new WebAssembly.Module(module.finish());
  return new WebAssembly.Instance(compiled, { host: { memory } }).exports as unknown as Exports;
}

/** Where byte `k` of an operand with this pointer is: storage is laid out from the top down. */
const at = (pointer: number, k: number) => pointer - k + 15;
const inArea = (size: number, k: number) => at(BLOCK + mmuLayout.bounce - 16 + size, k);

const cases = [
  [128, 8],
  [80, 72],
  [64, 60],
  [12, 4],
  [8, 4],
  [8, 6],
  [8, 1],
  [16, 15],
  [4, 2],
  [3, 1],
  [2, 1],
] as const;

it.each(cases)('%i bytes are joined, %i of them from the first page', (size, inPage) => {
  bytes.fill(0xee);
  for (let k = 0; k < size; k++) bytes[k < inPage ? at(FIRST, k) : at(SECOND, k - inPage)] = k + 1;
  exports.join(BLOCK, size, inPage, FIRST, SECOND);
  const joined = Array.from({ length: size }, (_, k) => bytes[inArea(size, k)]);
  expect(joined).toEqual(Array.from({ length: size }, (_, k) => k + 1));
  expect(bytes[inArea(size, -1)]).toBe(0xee);
  expect(bytes[inArea(size, size)]).toBe(0xee);
});

it.each(cases)('%i bytes are stored, %i of them in the first page', (size, inPage) => {
  bytes.fill(0xee);
  for (let k = 0; k < size; k++) bytes[inArea(size, k)] = k + 1;
  exports.part(BLOCK, size, inPage, FIRST, SECOND);
  const first = Array.from({ length: inPage + 2 }, (_, k) => bytes[at(FIRST, k - 1)]);
  expect(first).toEqual([0xee, ...Array.from({ length: inPage }, (_, k) => k + 1), 0xee]);
  const rest = size - inPage;
  const second = Array.from({ length: rest + 2 }, (_, k) => bytes[at(SECOND, k - 1)]);
  expect(second).toEqual([0xee, ...Array.from({ length: rest }, (_, k) => inPage + k + 1), 0xee]);
});

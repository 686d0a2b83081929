/**
 * A copy that turns bytes round, sixteen at a time: between storage, which lies back to front, and a buffer beside it.
 * Two memories are more than the module builder knows of, so that the module is written out here (WebAssembly core
 * specification, chapter 5).
 */

/** Bytes of the buffer, for which the host finds memory as they are used. */
const BUFFER_SIZE = 1 << 24;

export interface TurningCopy {
  readonly buffer: Uint8Array;
  /**
   * Copies `count` bytes of the buffer from `at` on so that the first of them is at `end - 1`, and the others below.
   * Host addresses; the caller has checked them.
   */
  toStorage(end: number, count: number, at: number): void;
  /** The way back. */
  fromStorage(end: number, count: number, at: number): void;
}

const I32 = 0x7f;
const V128 = 0x7b;
const PAGE_LIMIT = 0x10000;
/** Operations of the code below. */
const op = {
  block: [0x02, 0x40],
  loop: [0x03, 0x40],
  end: [0x0b],
  again: [0x0c, 0],
  leaveIf: [0x0d, 1],
  get: (local: number) => [0x20, local],
  set: (local: number) => [0x21, local],
  tee: (local: number) => [0x22, local],
  constant: (value: number) => [0x41, value],
  isZero: [0x45],
  isLess: [0x49],
  add: [0x6a],
  subtract: [0x6b],
  // The bit 0x40 of an alignment says that a memory's index follows.
  load8: (memory: number) => [0x2d, 0x40, memory, 0],
  store8: (memory: number) => [0x3a, 0x40, memory, 0],
  load16: (memory: number) => [0xfd, 0, 0x40, memory, 0],
  store16: (memory: number) => [0xfd, 11, 0x40, memory, 0],
  reverse: [0xfd, 13, ...Array.from({ length: 16 }, (_, lane) => 15 - lane)],
} as const;

const [STORAGE, BUFFER] = [0, 1];
/** Parameters, and a vector. */
const [END, COUNT, AT, VECTOR] = [0, 1, 2, 3];

/** Steps down in storage and up in the buffer by so many bytes, around a transfer between the two. */
function steps(size: number, enough: readonly number[], transfer: readonly number[]): number[] {
  const change = (local: number, by: readonly number[]) => [
    ...op.get(local),
    ...op.constant(size),
    ...by,
    ...op.set(local),
  ];
  return [
    ...[op.block, op.loop, enough, op.leaveIf].flat(),
    ...change(END, op.subtract),
    ...transfer,
    ...change(AT, op.add),
    ...change(COUNT, op.subtract),
    ...[op.again, op.end, op.end].flat(),
  ];
}

function body(into: boolean): number[] {
  const [from, to] = into ? [BUFFER, STORAGE] : [STORAGE, BUFFER];
  const [source, target] = into ? [AT, END] : [END, AT];
  const vector = [
    ...op.get(target),
    ...op.get(source),
    ...op.load16(from),
    ...op.tee(VECTOR),
    ...op.get(VECTOR),
    ...op.reverse,
    ...op.store16(to),
  ];
  const byte = [...op.get(target), ...op.get(source), ...op.load8(from), ...op.store8(to)];
  const code = [
    ...[1, 1, V128],
    ...steps(16, [...op.get(COUNT), ...op.constant(16), ...op.isLess], vector),
    ...steps(1, [...op.get(COUNT), ...op.isZero], byte),
    ...op.end,
  ];
  return [...unsigned(code.length), ...code];
}

function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

const name = (text: string): number[] => [text.length, ...new TextEncoder().encode(text)];
const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...unsigned(content.length),
  ...content,
];

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const [importKind, exportKind, shared] = [2, 2, 3];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 3, I32, I32, I32, 0]),
    ...section(2, [1, ...name('m'), ...name('storage'), importKind, shared, 0, ...unsigned(PAGE_LIMIT)]),
    ...section(3, [2, 0, 0]),
    ...section(5, [1, 0, ...unsigned(BUFFER_SIZE >>> 16)]),
    ...section(7, [3, ...name('buffer'), exportKind, BUFFER, ...name('to'), 0, 0, ...name('from'), 0, 1]),
    ...section(10, [2, ...body(true), ...body(false)]),
  ]);
}

let compiled: WebAssembly.Module | undefined;

/** @param memory - The host storage's. */
export function turningCopy(memory: WebAssembly.Memory): TurningCopy {
  compiled ??= new WebAssembly.Module(moduleBytes());
  const { exports } = new WebAssembly.Instance(compiled, { m: { storage: memory } });
  const { buffer, to, from } = exports as unknown as {
    readonly buffer: WebAssembly.Memory;
    readonly to: TurningCopy['toStorage'];
    readonly from: TurningCopy['fromStorage'];
  };
  return { buffer: new Uint8Array(buffer.buffer), toStorage: to, fromStorage: from };
}

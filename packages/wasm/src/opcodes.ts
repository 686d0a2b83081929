/**
 * Operation codes of the instructions that expressions are made of, by type and operation (core specification, section
 * 5.4; atomic ones: threads extension). One of two bytes has its prefix on the left.
 */

export const i32 = {
  eqz: 0x45,
  eq: 0x46,
  ne: 0x47,
  ltS: 0x48,
  ltU: 0x49,
  gtS: 0x4a,
  gtU: 0x4b,
  leS: 0x4c,
  leU: 0x4d,
  geS: 0x4e,
  geU: 0x4f,
  clz: 0x67,
  ctz: 0x68,
  popcnt: 0x69,
  add: 0x6a,
  sub: 0x6b,
  mul: 0x6c,
  divS: 0x6d,
  divU: 0x6e,
  remS: 0x6f,
  remU: 0x70,
  and: 0x71,
  or: 0x72,
  xor: 0x73,
  shl: 0x74,
  shrS: 0x75,
  shrU: 0x76,
  rotl: 0x77,
  rotr: 0x78,
  wrapI64: 0xa7,
  reinterpretF32: 0xbc,
  extend8S: 0xc0,
  extend16S: 0xc1,
} as const;

export const i64 = {
  eqz: 0x50,
  eq: 0x51,
  ne: 0x52,
  ltS: 0x53,
  ltU: 0x54,
  gtS: 0x55,
  gtU: 0x56,
  leS: 0x57,
  leU: 0x58,
  geS: 0x59,
  geU: 0x5a,
  clz: 0x79,
  ctz: 0x7a,
  popcnt: 0x7b,
  add: 0x7c,
  sub: 0x7d,
  mul: 0x7e,
  divS: 0x7f,
  divU: 0x80,
  remS: 0x81,
  remU: 0x82,
  and: 0x83,
  or: 0x84,
  xor: 0x85,
  shl: 0x86,
  shrS: 0x87,
  shrU: 0x88,
  rotl: 0x89,
  rotr: 0x8a,
  extendI32S: 0xac,
  extendI32U: 0xad,
  reinterpretF64: 0xbd,
  extend8S: 0xc2,
  extend16S: 0xc3,
  extend32S: 0xc4,
  truncSatF64S: 0xfc06,
  truncSatF64U: 0xfc07,
} as const;

export const f32 = {
  eq: 0x5b,
  ne: 0x5c,
  lt: 0x5d,
  gt: 0x5e,
  le: 0x5f,
  ge: 0x60,
  abs: 0x8b,
  neg: 0x8c,
  ceil: 0x8d,
  floor: 0x8e,
  trunc: 0x8f,
  nearest: 0x90,
  sqrt: 0x91,
  add: 0x92,
  sub: 0x93,
  mul: 0x94,
  div: 0x95,
  min: 0x96,
  max: 0x97,
  copysign: 0x98,
  convertI32S: 0xb2,
  convertI64S: 0xb4,
  convertI64U: 0xb5,
  demoteF64: 0xb6,
  reinterpretI32: 0xbe,
} as const;

export const f64 = {
  eq: 0x61,
  ne: 0x62,
  lt: 0x63,
  gt: 0x64,
  le: 0x65,
  ge: 0x66,
  abs: 0x99,
  neg: 0x9a,
  ceil: 0x9b,
  floor: 0x9c,
  trunc: 0x9d,
  nearest: 0x9e,
  sqrt: 0x9f,
  add: 0xa0,
  sub: 0xa1,
  mul: 0xa2,
  div: 0xa3,
  min: 0xa4,
  max: 0xa5,
  copysign: 0xa6,
  convertI32S: 0xb7,
  convertI64S: 0xb9,
  convertI64U: 0xba,
  promoteF32: 0xbb,
  reinterpretI64: 0xbf,
} as const;

/** Behind the prefix 0xfd. */
export const v128 = {
  load: 0x00,
  store: 0x0b,
  shuffle: 0x0d,
  splatI64: 0x12,
  extractI64: 0x1d,
  replaceI64: 0x1e,
} as const;

/** The i64 instruction that does what an i32 comparison, addition or subtraction does. */
export function widened(code: number): number {
  return code <= i32.geU ? code + (i64.eqz - i32.eqz) : code + (i64.add - i32.add);
}

/** Width of a memory access in bits. */
export type AccessWidth = 8 | 16 | 32 | 64 | 128;

export function loadI32Code(width: 8 | 16 | 32, signed: boolean): number {
  if (width === 32) return 0x28;
  return (width === 8 ? 0x2c : 0x2e) + (signed ? 0 : 1);
}
export function loadI64Code(width: 8 | 16 | 32 | 64, signed: boolean): number {
  if (width === 64) return 0x29;
  return (width === 8 ? 0x30 : width === 16 ? 0x32 : 0x34) + (signed ? 0 : 1);
}
/** All of a floating-point number. */
export const floatAccess = { loadF32: 0x2a, loadF64: 0x2b, storeF32: 0x38, storeF64: 0x39 } as const;

export function storeI32Code(width: 8 | 16 | 32 | 64): number {
  if (width === 64) throw new Error('an i32 has no 64 bits to store');
  return width === 32 ? 0x36 : width === 8 ? 0x3a : 0x3b;
}
export function storeI64Code(width: 8 | 16 | 32 | 64): number {
  if (width === 64) return 0x37;
  return width === 8 ? 0x3c : width === 16 ? 0x3d : 0x3e;
}

/** The read-modify-write operations of the threads extension, in the order of their opcodes. */
export const atomicOperations = ['add', 'sub', 'and', 'or', 'xor', 'xchg', 'cmpxchg'] as const;
export type AtomicOperation = (typeof atomicOperations)[number];

const atomicForms = ['i32.32', 'i64.64', 'i32.8', 'i32.16', 'i64.8', 'i64.16', 'i64.32'];
const atomicAlignments = [2, 3, 0, 1, 0, 1, 2];

/** The opcode behind the prefix 0xfe. */
export function atomicCode(
  type: 'i32' | 'i64',
  width: AccessWidth,
  operation: AtomicOperation | 'load' | 'store',
): number {
  const form = atomicForms.indexOf(`${type}.${width}`);
  if (form < 0) throw new Error(`no atomic ${operation} of ${width} bits for ${type}`);
  if (operation === 'load') return 0x10 + form;
  if (operation === 'store') return 0x17 + form;
  return 0x1e + 7 * atomicOperations.indexOf(operation) + form;
}

/** The alignment that an atomic instruction must promise: its natural one, as a power of two. */
export function atomicAlignment(code: number): number {
  return atomicAlignments[(code - 0x10) % 7] ?? 0;
}

/** Operation codes of the instructions that the expression classes use (core specification, section 5.4). */

const integerCompare = ['eqz', 'eq', 'ne', 'ltS', 'ltU', 'gtS', 'gtU', 'leS', 'leU', 'geS', 'geU'] as const;
const integerArithmetic = [
  ...['clz', 'ctz', 'popcnt', 'add', 'sub', 'mul', 'divS', 'divU', 'remS', 'remU'],
  ...['and', 'or', 'xor', 'shl', 'shrS', 'shrU', 'rotl', 'rotr'],
] as const;
const floatCompare = ['eq', 'ne', 'lt', 'gt', 'le', 'ge'] as const;
const floatArithmetic = [
  ...['abs', 'neg', 'ceil', 'floor', 'trunc', 'nearest', 'sqrt'],
  ...['add', 'sub', 'mul', 'div', 'min', 'max', 'copysign'],
] as const;

/** Opcode by `type.operation`, for example `i64.add`; one of two bytes has its prefix on the left. */
const opcodes: ReadonlyMap<string, number> = new Map([
  ...numbered('i32', integerCompare, 0x45),
  ...numbered('i64', integerCompare, 0x50),
  ...numbered('f32', floatCompare, 0x5b),
  ...numbered('f64', floatCompare, 0x61),
  ...numbered('i32', integerArithmetic, 0x67),
  ...numbered('i64', integerArithmetic, 0x79),
  ...numbered('f32', floatArithmetic, 0x8b),
  ...numbered('f64', floatArithmetic, 0x99),
  ['i32.wrap_i64', 0xa7],
  ['i64.extend_i32S', 0xac],
  ['i64.extend_i32U', 0xad],
  ['f32.convert_i32S', 0xb2],
  ['f32.convert_i64S', 0xb4],
  ['f32.convert_i64U', 0xb5],
  ['f32.demote_f64', 0xb6],
  ['f64.convert_i32S', 0xb7],
  ['f64.convert_i64S', 0xb9],
  ['f64.convert_i64U', 0xba],
  ['f64.promote_f32', 0xbb],
  ['i32.reinterpret_f32', 0xbc],
  ['i64.reinterpret_f64', 0xbd],
  ['f32.reinterpret_i32', 0xbe],
  ['f64.reinterpret_i64', 0xbf],
  ['i32.extend8S', 0xc0],
  ['i32.extend16S', 0xc1],
  ['i64.extend8S', 0xc2],
  ['i64.extend16S', 0xc3],
  ['i64.extend32S', 0xc4],
  ['i64.truncSat_f64S', 0xfc06],
  ['i64.truncSat_f64U', 0xfc07],
  ['i32.load32', 0x28],
  ['i64.load64', 0x29],
  ['f32.load32', 0x2a],
  ['f64.load64', 0x2b],
  ['i32.load8S', 0x2c],
  ['i32.load8U', 0x2d],
  ['i32.load16S', 0x2e],
  ['i32.load16U', 0x2f],
  ['i64.load8S', 0x30],
  ['i64.load8U', 0x31],
  ['i64.load16S', 0x32],
  ['i64.load16U', 0x33],
  ['i64.load32S', 0x34],
  ['i64.load32U', 0x35],
  ['i32.store32', 0x36],
  ['i64.store64', 0x37],
  ['f32.store32', 0x38],
  ['f64.store64', 0x39],
  ['i32.store8', 0x3a],
  ['i32.store16', 0x3b],
  ['i64.store8', 0x3c],
  ['i64.store16', 0x3d],
  ['i64.store32', 0x3e],
]);

/** The same by type and, under it, by operation: nothing has to be put together to look one up. */
export const opcodesByType: Readonly<Record<string, Readonly<Record<string, number>>>> = byType(opcodes);

function byType(codes: ReadonlyMap<string, number>): Record<string, Record<string, number>> {
  const tables: Record<string, Record<string, number>> = {};
  for (const [key, code] of codes) {
    const [type = '', operation = ''] = key.split('.');
    tables[type] ??= {};
    Object.assign(tables[type], { [operation]: code });
  }
  return tables;
}

/** The read-modify-write operations of the threads extension, in the order of their opcodes. */
export const atomicOperations = ['add', 'sub', 'and', 'or', 'xor', 'xchg', 'cmpxchg'] as const;
export type AtomicOperation = (typeof atomicOperations)[number];

const atomicForms = ['i32.32', 'i64.64', 'i32.8', 'i32.16', 'i64.8', 'i64.16', 'i64.32'] as const;

/** Opcode after the prefix 0xfe, by `type.atomic.operation.width`. */
export const atomicOpcodes: ReadonlyMap<string, number> = new Map([
  ...atomicForms.map((form, i): [string, number] => [`${form}.load`, 0x10 + i]),
  ...atomicForms.map((form, i): [string, number] => [`${form}.store`, 0x17 + i]),
  ...atomicOperations.flatMap((operation, j) =>
    atomicForms.map((form, i): [string, number] => [`${form}.${operation}`, 0x1e + 7 * j + i]),
  ),
]);

function numbered(type: string, names: readonly string[], first: number): [string, number][] {
  return names.map((name, i) => [`${type}.${name}`, first + i]);
}

/** Value types and function types (core specification, section 2.3). */

/** `ptr` is `i32` or `i64`, as the module's memory is addressed. */
export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128' | 'ptr';

/** How many bits an address of the module's memory has. */
export type AddressWidth = 32 | 64;

/** Which addresses a `ptr` value, instruction or constant stands for. */
export function concrete(type: ValueType, width: AddressWidth): Exclude<ValueType, 'ptr'> {
  return type === 'ptr' ? (width === 64 ? 'i64' : 'i32') : type;
}

export const valueTypeCode: Readonly<Record<Exclude<ValueType, 'ptr'>, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

export interface FunctionType {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** Addresses and lengths in registers, and instruction fields, as assists of this chapter read and write them. */
import { Access } from '@zarch/memory';
import type { AssistContext, Span } from '../assist.ts';

const LOW = 0xffff_ffffn;

/** Four bits of the left-aligned instruction from bit `start`. */
export function field4(text: bigint, start: number): number {
  return Number((text >> BigInt(60 - start)) & 15n);
}

function is64(context: AssistContext): boolean {
  return context.addressMask > LOW;
}

/** The address in a register, in the current addressing mode. */
export function addressIn(context: AssistContext, register: number): bigint {
  return context.gr(register) & context.addressMask;
}
/** The length in a register: 32 bits in the 24- and 31-bit modes, 64 otherwise. */
export function lengthIn(context: AssistContext, register: number): bigint {
  return is64(context) ? context.gr(register) : context.gr(register) & LOW;
}
/** Sets an address or a length, or as much of a register as they have. */
export function setIn(context: AssistContext, register: number, value: bigint): void {
  const kept = is64(context) ? 0n : context.gr(register) & ~LOW;
  context.setGr(register, kept | (is64(context) ? value : value & LOW));
}
export function setAddressIn(context: AssistContext, register: number, value: bigint): void {
  setIn(context, register, value & context.addressMask);
}

/** Bytes from `address` to the end of its page. */
export function leftInPage(address: bigint): number {
  return 4096 - Number(address & 0xfffn);
}

/** A byte of a table, or undefined after an access exception. */
export type Table = (index: number) => number | undefined;

/** A table in storage, of which only pages that are used are accessed. */
export function tableAt(context: AssistContext, address: bigint, ar: number): Table {
  const pages = new Map<bigint, Span>();
  return (index) => {
    const at = (address + BigInt(index)) & context.addressMask;
    const page = at & ~0xfffn;
    let span = pages.get(page);
    if (!span) {
      span = context.span(page, 4096, ar, Access.read);
      if (!span) return undefined;
      pages.set(page, span);
    }
    return span.get(Number(at & 0xfffn));
  };
}

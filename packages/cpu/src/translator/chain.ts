/** The way from one region to the next, without one through the interpreter. */
import { Access, mmuLayout, tlbOf, tlbOffset } from '@zarch/memory';
import type { FunctionBuilder, I32, I64, Label, Local, Pointer } from '@zarch/wasm';
import { cpuLayout, regionTable } from '../cpu-layout.ts';
import { regionSetOf } from '../region-set.ts';

export interface Chain {
  readonly fuel: Local<'i32'>;
  /** The place in the table of the code at the next address, if that is known; else 0. */
  readonly place: Local<'i32'>;
  /** With what the region is left: only with zero there is a way to go on. */
  readonly status: I32;
  /** The type of the functions made of regions. */
  readonly type: number;
}

/** Goes on with the translated code of the next address, if there is any; what follows is done if there is none. */
export function chainTo(
  f: FunctionBuilder,
  cpu: Pointer,
  next: I64,
  { fuel, place, status, type }: Chain,
): void {
  f.block((none) => {
    f.brIf(status.or(fuel.get().leS(1)), none);
    f.if(place.get().eqz(), () => findPlace(f, cpu, next, place, none));
    f.store(cpu, cpuLayout.fuel, fuel.get().sub(1));
    f.returnCallIndirect(type, place.get(), cpu, next);
  });
}

/** Sets the place to that of an address, by way of the fetch TLB and the table of regions. */
function findPlace(f: FunctionBuilder, cpu: Pointer, address: I64, place: Local<'i32'>, none: Label): void {
  const entry = f.let(cpu.add(tlbOffset(address)));
  const tag = f.let(address.and(~0xfffn).or(f.loadI64(cpu, mmuLayout.fetchContext)));
  f.brIf(f.loadI64(entry, tlbOf(Access.fetch)).ne(tag), none);
  const pointer = f.let(f.loadI32(entry, tlbOf(Access.fetch) + 8).sub(address.wrap()));
  const set = regionSetOf(f, cpu, pointer);
  const value = f.local('i32');
  f.block((found) => {
    for (const at of [cpuLayout.regions, cpuLayout.regions + 8]) {
      f.set(value, f.loadI32(set, at + 4));
      f.brIf(f.loadI32(set, at).eq(pointer), found);
    }
    f.br(none);
  });
  f.brIf(value.get().geS(0), none);
  f.set(place, value.get().and(~regionTable.entry));
}

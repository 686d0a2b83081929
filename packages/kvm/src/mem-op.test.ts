import { absolute } from '@zarch/arch';
import { describe, expect, it } from 'vitest';
import { memOpRead, memOpReadAbsolute, memOpWrite, memOpWriteAbsolute } from './mem-op.ts';
import { clearReset } from './reset.ts';
import { initializeVcpu, Vcpu } from './vcpu.ts';
import { Vm } from './vm.ts';

function build() {
  const model = { cpuId: 0n, facilities: new Set<number>(), ibc: 0 };
  const vm = new Vm({ memorySize: 1 << 20, maximumCpus: 1, model });
  const { state } = new Vcpu(vm, 0, { clock: () => 0n });
  initializeVcpu(vm, state);
  clearReset(state);
  state.psw = { mask: 0x1_8000_0000n, address: 0n };
  return { vm, state };
}

describe('MEM_OP', () => {
  it('writes and reads by logical address across a page end', () => {
    const { state } = build();
    const bytes = Uint8Array.of(1, 2, 3, 4);
    expect(memOpWrite(state, { address: 0x2ffen }, bytes)).toBeUndefined();
    expect(memOpRead(state, { address: 0x2ffen }, 4)).toEqual(bytes);
    expect(memOpReadAbsolute(state, { address: 0x3000n }, 2)).toEqual(bytes.subarray(2));
  });

  it('applies prefixing to logical addresses and not to absolute ones', () => {
    const { state } = build();
    state.prefix = 0x4000;
    memOpWrite(state, { address: 0x100n }, Uint8Array.of(42));
    expect(memOpReadAbsolute(state, { address: 0x4100n }, 1)).toEqual(Uint8Array.of(42));
    expect(memOpReadAbsolute(state, { address: 0x100n }, 1)).toEqual(Uint8Array.of(0));
  });

  it.each([
    // access key, storage key, read, write
    [0, 0x38, undefined, undefined],
    [3, 0x38, undefined, undefined],
    [4, 0x30, undefined, 4],
    [4, 0x38, 4, 4],
  ])('with key %i on storage of key %i', (key, storage, read, write) => {
    const { vm, state } = build();
    vm.storage.setKey(absolute(0x5000), storage);
    const code = (result: Uint8Array | { code: number } | undefined) =>
      result && 'code' in result ? result.code : undefined;
    for (const [readOp, writeOp] of [
      [memOpRead, memOpWrite],
      [memOpReadAbsolute, memOpWriteAbsolute],
    ] as const) {
      expect(code(readOp(state, { address: 0x5000n, key }, 1))).toBe(read);
      expect(code(writeOp(state, { address: 0x5000n, key }, Uint8Array.of(7)))).toBe(write);
    }
  });

  it('only checks, when asked to', () => {
    const { state } = build();
    expect(memOpWrite(state, { address: 0x6000n, checkOnly: true }, Uint8Array.of(9))).toBeUndefined();
    expect(memOpRead(state, { address: 0x6000n }, 1)).toEqual(Uint8Array.of(0));
    expect(memOpRead(state, { address: 1n << 40n, checkOnly: true }, 1)).toEqual({ code: 5 });
  });

  it('records references and changes', () => {
    const { vm, state } = build();
    memOpReadAbsolute(state, { address: 0x7000n }, 1);
    expect(vm.storage.key(absolute(0x7000))).toBe(0x04);
    memOpWriteAbsolute(state, { address: 0x7000n }, Uint8Array.of(1));
    expect(vm.storage.key(absolute(0x7000))).toBe(0x06);
  });

  it('presents the exception to the guest, when asked to', () => {
    const { state } = build();
    memOpRead(state, { address: 1n << 40n, inject: true }, 1);
    expect(state.lowcore().u16(0x8e)).toBe(5);
  });
});

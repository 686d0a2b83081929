/**
 * DIAGNOSE 308: re-IPL functions (QEMU target/s390x/diag.c, Linux arch/s390/kernel/ipl.c). Subcodes: 0 clear and
 * load normally, 1 load normally with everything kept, 3 and 4 IPL with and without clearing, 5 set and 6 store the
 * IPL parameter block.
 */
import { absolute, CpuState, ProgramInterruption } from '@zarch/arch';
import type { VcpuState } from '@zarch/kvm';

export interface IplRequest {
  /** Storage and registers are cleared first. */
  readonly clear: boolean;
}

const Subcode = { modifiedClear: 0, loadNormal: 1, iplClear: 3, ipl: 4, set: 5, store: 6 } as const;
/** In R1+1 after subcodes 5 and 6. */
const Response = { ok: 0x01, none: 0x102, invalid: 0x402 } as const;

const BLOCK_SIZE = 4096;
/** The least length of an IPL parameter block by the type of its parameters: FCP, CCW. */
const leastLength: Readonly<Record<number, number>> = { 0: 384, 2: 200 };

/** The IPL parameter block that the program set, if any. */
export interface IplParameters {
  block: Uint8Array | undefined;
}

/** Does a function; gives a request when the machine is to be started again. */
export function diagnose308(
  state: VcpuState,
  r1: number,
  r3: number,
  parameters: IplParameters,
  reset: (state: VcpuState) => void,
): IplRequest | undefined {
  const subcode = Number(state.gr(r3) & 0xffff_ffffn);
  const block = state.gr(r1);
  const respond = (response: number) => {
    state.setGr(r1 + 1, BigInt(response));
    return undefined;
  };
  switch (subcode) {
    case Subcode.modifiedClear:
    case Subcode.loadNormal: {
      // The PSW comes from real location 0, in the short format, after the reset.
      const area = state.vm.storage.view(absolute(0), 8);
      reset(state);
      const short = area?.u64(0) ?? 0n;
      state.psw = { mask: (short & ~0x7fff_ffffn) ^ (1n << 51n), address: short & 0x7fff_ffffn };
      state.vm.states.setState(state.place.cpuAddress, CpuState.operating);
      return undefined;
    }
    case Subcode.iplClear:
      return { clear: true };
    case Subcode.ipl:
      return { clear: false };
    case Subcode.set:
    case Subcode.store: {
      if (r1 & 1 || block & 0xfffn) {
        state.injectProgram(ProgramInterruption.specification);
        return undefined;
      }
      const view = state.vm.storage.view(absolute(block), BLOCK_SIZE);
      if (!view) {
        state.injectProgram(ProgramInterruption.addressing);
        return undefined;
      }
      if (subcode === Subcode.store) {
        if (!parameters.block) return respond(Response.none);
        view.setBytes(0, parameters.block);
        return respond(Response.ok);
      }
      const length = view.u32(0);
      const least = leastLength[view.u8(12)];
      if (least === undefined || length < least || length > BLOCK_SIZE) return respond(Response.invalid);
      parameters.block = view.bytes(0, length);
      return respond(Response.ok);
    }
    default:
      state.injectProgram(ProgramInterruption.specification);
      return undefined;
  }
}

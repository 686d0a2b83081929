/**
 * MEM_OP: access to a guest's storage by its own rules (Linux Documentation/virt/kvm/api.rst, KVM_S390_MEM_OP): by
 * logical address through the vCPU's translation, or by absolute address, under any access key.
 */
import { AddressSpaceControl, absolute, CR0, ProgramInterruption, PSW, PSW_SHIFT } from '@zarch/arch';
import { Access, accessMode, StorageView, storageKey } from '@zarch/memory';
import type { AccessFailure, VcpuState } from './vcpu-state.ts';

/** Who accesses, and what happens when it cannot. */
export interface MemOpOptions {
  /** The access key, 0 to 15; default: the PSW's for a logical address, 0 (no protection) for an absolute one. */
  readonly key?: number;
  /** Only find out whether the access is possible. */
  readonly checkOnly?: boolean;
  /** Present the exception to the guest too. */
  readonly inject?: boolean;
}

export interface LogicalMemOp extends MemOpOptions {
  readonly address: bigint;
  /** The access register, for the access-register mode; default 0. */
  readonly ar?: number;
}

export interface AbsoluteMemOp extends MemOpOptions {
  readonly address: bigint;
}

/** The most bytes of one operation. */
export const MEM_OP_LIMIT = 65536;

/** Reads `length` bytes by logical address; empty when only checked. */
export function memOpRead(state: VcpuState, op: LogicalMemOp, length: number): Uint8Array | AccessFailure {
  const pieces = logicalPieces(state, op, length, Access.read);
  if ('code' in pieces) return failed(state, op, pieces);
  return op.checkOnly ? new Uint8Array(0) : gather(pieces, length);
}

/** Writes by logical address; nothing is written when an exception is met or the access is only checked. */
export function memOpWrite(state: VcpuState, op: LogicalMemOp, bytes: Uint8Array): AccessFailure | undefined {
  const pieces = logicalPieces(state, op, bytes.length, Access.write);
  if ('code' in pieces) return failed(state, op, pieces);
  if (!op.checkOnly) scatter(pieces, bytes);
  return undefined;
}

/** Reads `length` bytes by absolute address. */
export function memOpReadAbsolute(
  state: VcpuState,
  op: AbsoluteMemOp,
  length: number,
): Uint8Array | AccessFailure {
  const pieces = absolutePieces(state, op, length, Access.read);
  if ('code' in pieces) return failed(state, op, pieces);
  return op.checkOnly ? new Uint8Array(0) : gather(pieces, length);
}

/** Writes by absolute address. */
export function memOpWriteAbsolute(
  state: VcpuState,
  op: AbsoluteMemOp,
  bytes: Uint8Array,
): AccessFailure | undefined {
  const pieces = absolutePieces(state, op, bytes.length, Access.write);
  if ('code' in pieces) return failed(state, op, pieces);
  if (!op.checkOnly) scatter(pieces, bytes);
  return undefined;
}

function failed<F extends AccessFailure>(state: VcpuState, op: MemOpOptions, failure: F): F {
  if (op.inject) state.injectProgram(failure.code);
  return failure;
}

function checkLength(length: number): void {
  if (length < 1 || length > MEM_OP_LIMIT)
    throw new RangeError(`${length} bytes: 1 to ${MEM_OP_LIMIT} are possible`);
}

function logicalPieces(
  state: VcpuState,
  { address, ar = 0, key }: LogicalMemOp,
  length: number,
  kind: number,
): readonly StorageView[] | AccessFailure {
  checkLength(length);
  state.synchronize();
  const { block, exports, vm } = state;
  const { mask } = state.psw;
  const dat = (mask & PSW.dat) !== 0n;
  const space = dat ? Number((mask >> BigInt(PSW_SHIFT.addressSpace)) & 3n) : AddressSpaceControl.primary;
  const [asce, code] = dat ? exports.spaceAsce(block.address, space, ar) : ([0n, 0] as const);
  if (code) return { code };
  const accessKey = key ?? Number((mask >> BigInt(PSW_SHIFT.key)) & 15n);
  const mode =
    kind |
    (accessKey << accessMode.key) |
    (Number(dat) << accessMode.dat) |
    (space << accessMode.space) |
    (ar << accessMode.accessRegister);
  const bits = mask & PSW.extendedAddressing ? 64 : mask & PSW.basicAddressing ? 31 : 24;
  const pieces: StorageView[] = [];
  for (let offset = 0; offset < length; ) {
    const at = BigInt.asUintN(bits, address + BigInt(offset));
    const found = exports.resolve(block.address, BigInt.asIntN(64, at), asce, mode);
    if (found === -1n) return { code: state.faultCode };
    const count = Math.min(length - offset, 4096 - Number(at & 0xfffn));
    pieces.push(new StorageView(vm.host.memory.buffer, vm.host.top - Number(found), count));
    offset += count;
  }
  return pieces;
}

function absolutePieces(
  state: VcpuState,
  { address, key = 0 }: AbsoluteMemOp,
  length: number,
  kind: number,
): readonly StorageView[] | AccessFailure {
  checkLength(length);
  const { storage } = state.vm;
  const start = absolute(address);
  const view = storage.view(start, length);
  if (!view) return { code: ProgramInterruption.addressing };
  for (let at = start - (start % 4096); at < start + length; at += 4096) {
    const block = absolute(at);
    const current = storage.key(block) ?? 0;
    if (!permitted(state, current, key, kind)) return { code: ProgramInterruption.protection };
    const recorded = storageKey.reference | (kind === Access.write ? storageKey.change : 0);
    storage.setKey(block, current | recorded);
  }
  return [view];
}

/** Key-controlled protection, with the override for key 9. */
function permitted(state: VcpuState, current: number, key: number, kind: number): boolean {
  const access = current >> 4;
  if (key === 0 || key === access) return true;
  if (access === 9 && state.control(0) & CR0.storageProtectionOverride) return true;
  return kind === Access.read && (current & storageKey.fetchProtection) === 0;
}

function gather(pieces: readonly StorageView[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece.bytes(), offset);
    offset += piece.length;
  }
  return bytes;
}

function scatter(pieces: readonly StorageView[], bytes: Uint8Array): void {
  let offset = 0;
  for (const piece of pieces) {
    piece.setBytes(0, bytes.subarray(offset, offset + piece.length));
    offset += piece.length;
  }
}

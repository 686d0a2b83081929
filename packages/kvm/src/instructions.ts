/**
 * Instruction interceptions (what `arch/s390/kvm/priv.c` and `diag.c` are to Linux): some are done here, the others
 * become exits.
 */
import { CpuFlag, PREFIX_AREA_SIZE, ProgramInterruption, PSW, StateDescription as SD } from '@zarch/arch';
import { interceptedInstructions } from '@zarch/cpu';
import { decode, fieldValue, type Instruction } from '@zarch/isa';
import { signalProcessor } from '@zarch/sigp';
import { facilityBytes } from './cpu-model.ts';
import type { InterceptedOperand, VcpuExit } from './exits.ts';
import { kickCpu, signalEnvironment } from './orders.ts';
import type { VcpuState } from './vcpu-state.ts';

type Handler = (context: Interception) => VcpuExit | undefined;

export interface InterceptionHost {
  /** The host's clock in TOD-clock units. */
  readonly clock: () => bigint;
  /** Told when the first event has become pending in the VM's `IoEvents`. */
  readonly onIoEvent?: (() => void) | undefined;
}

/** An intercepted instruction with its operands. */
class Interception {
  readonly state: VcpuState;
  readonly row: Instruction;
  readonly host: InterceptionHost;
  readonly #text: Uint8Array;

  constructor(state: VcpuState, row: Instruction, text: Uint8Array, host: InterceptionHost) {
    this.state = state;
    this.row = row;
    this.host = host;
    this.#text = text;
  }

  field(name: Parameters<typeof fieldValue>[1]): number {
    return fieldValue(this.row, name, this.#text);
  }
  /** The second operand of the S and RS formats. */
  operand(): InterceptedOperand {
    const base = this.field('B2');
    const long = this.row.format.name.startsWith('RSY');
    const displacement = long ? ((this.field('DH2') << 24) >> 12) | this.field('DL2') : this.field('D2');
    const sum = (base ? this.state.gr(base) : 0n) + BigInt(displacement);
    return { address: BigInt.asUintN(addressBits(this.state.psw.mask), sum), ar: base };
  }
  /** A storage operand whose address is in a register. */
  registerOperand(name: 'R1' | 'R2'): InterceptedOperand {
    const register = this.field(name);
    const bits = addressBits(this.state.psw.mask);
    return { address: BigInt.asUintN(bits, this.state.gr(register)), ar: register };
  }
  program(code: number): undefined {
    this.state.injectProgram(code);
    return undefined;
  }
  /** Stores the operand, aligned on `alignment`, or presents the exception. */
  store(bytes: Uint8Array, alignment: number): undefined {
    const operand = this.operand();
    if (operand.address % BigInt(alignment) !== 0n) return this.program(ProgramInterruption.specification);
    const failure = this.state.writeLogical(operand, bytes);
    return failure ? this.program(failure.code) : undefined;
  }
}

/** Bits of an address in the addressing mode of a PSW. */
function addressBits(mask: bigint): number {
  return mask & PSW.extendedAddressing ? 64 : mask & PSW.basicAddressing ? 31 : 24;
}

function big(value: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[length - 1 - i] = Number((value >> BigInt(8 * i)) & 0xffn);
  return bytes;
}

const handlers: Readonly<Record<string, Handler>> = {
  stidp: (i) => i.store(big(i.state.vm.model.cpuId, 8), 8),
  stap: (i) => i.store(big(BigInt(i.state.place.cpuAddress), 2), 2),
  stpx: (i) => i.store(big(BigInt(i.state.prefix), 4), 4),
  spx: setPrefix,
  stfl: (i) => {
    i.state.lowcore().setBytes(0xc8, facilityBytes(i.state.vm.model.facilities, 4));
    return undefined;
  },
  lctl: (i) => loadControl(i, 4),
  lctlg: (i) => loadControl(i, 8),
  lpsw: loadShortPsw,
  lpswe: loadPsw,
  tb: testBlock,
  sck: setClock,
  sckpf: (i) => {
    const value = i.state.gr(0) & 0xffff_ffffn;
    if (value > 0xffffn) return i.program(ProgramInterruption.specification);
    i.state.sd.setU32(SD.todProgrammable, Number(value));
    return undefined;
  },
  servc: (i) => ({
    reason: 'service',
    command: Number(i.state.gr(i.field('R1')) & 0xffff_ffffn),
    sccb: i.state.gr(i.field('R2')),
  }),
  sigp: signal,
  stsi: (i) => {
    const [gr0, gr1] = [Number(i.state.gr(0) & 0xffff_ffffn), Number(i.state.gr(1) & 0xffff_ffffn)];
    const functionCode = gr0 >>> 28;
    if (gr0 & 0x0fff_ff00 || gr1 & 0xffff_0000) return i.program(ProgramInterruption.specification);
    const operand = i.operand();
    if (functionCode !== 0 && operand.address & 0xfffn) return i.program(ProgramInterruption.specification);
    return { reason: 'stsi', functionCode, selector1: gr0 & 0xff, selector2: gr1 & 0xffff, operand };
  },
  diag: diagnose,
};

/** SIGNAL PROCESSOR. */
function signal(i: Interception): undefined {
  const { state } = i;
  const r1 = i.field('R1');
  const target = Number(state.gr(i.field('R3')) & 0xffffn);
  const result = signalProcessor(
    {
      order: Number(i.operand().address & 0xffn),
      parameter: state.gr(r1 | 1),
      target,
      source: state.place.cpuAddress,
    },
    state.vm.states,
    signalEnvironment(state),
  );
  if (result.cc === 1) state.setGr32(r1, result.status);
  else if (result.wake) kickCpu(state.vm, target);
  state.setCc(result.cc);
  return undefined;
}

function setPrefix(i: Interception): undefined {
  const operand = i.operand();
  if (operand.address & 3n) return i.program(ProgramInterruption.specification);
  const bytes = i.state.readLogical(operand, 4);
  if ('code' in bytes) return i.program(bytes.code);
  const prefix = new DataView(bytes.buffer).getUint32(0) & 0x7fff_e000;
  if (prefix + PREFIX_AREA_SIZE > i.state.vm.storage.size) return i.program(ProgramInterruption.addressing);
  i.state.prefix = prefix;
  return undefined;
}

/** LOAD CONTROL, intercepted because an interruption waits for a subclass mask. */
function loadControl(i: Interception, size: 4 | 8): undefined {
  const { state } = i;
  const operand = i.operand();
  if (operand.address % BigInt(size) !== 0n) return i.program(ProgramInterruption.specification);
  const first = i.field('R1');
  const count = ((i.field('R3') - first) & 15) + 1;
  const bytes = state.readLogical(operand, count * size);
  if ('code' in bytes) return i.program(bytes.code);
  const view = new DataView(bytes.buffer);
  for (let n = 0; n < count; n++) {
    const register = (first + n) & 15;
    const old = state.control(register);
    const value =
      size === 8 ? view.getBigUint64(8 * n) : (old & ~0xffff_ffffn) | BigInt(view.getUint32(4 * n));
    state.setControl(register, value);
  }
  return undefined;
}

/** LOAD PSW, intercepted because a machine check waits for its mask. */
function loadShortPsw(i: Interception): undefined {
  const word = pswOperand(i, 8)?.getBigUint64(0);
  if (word === undefined) return;
  if (!(word & PSW.shortFormat)) return i.program(ProgramInterruption.specification);
  loadedPsw(i, (word ^ PSW.shortFormat) & ~SHORT_ADDRESS, word & SHORT_ADDRESS);
}

/** LOAD PSW EXTENDED, for the same reason. */
function loadPsw(i: Interception): undefined {
  const operand = pswOperand(i, 16);
  if (operand) loadedPsw(i, operand.getBigUint64(0), operand.getBigUint64(8));
}

/** The instruction address of a PSW in the short format. */
const SHORT_ADDRESS = 0x7fff_ffffn;

function pswOperand(i: Interception, length: number): DataView | undefined {
  const operand = i.operand();
  if (operand.address & 7n) return i.program(ProgramInterruption.specification);
  const bytes = i.state.readLogical(operand, length);
  return 'code' in bytes ? i.program(bytes.code) : new DataView(bytes.buffer);
}

/** The new PSW; one that is not valid is found when the vCPU is entered again. */
function loadedPsw({ state }: Interception, mask: bigint, address: bigint): void {
  const from = BigInt.asUintN(64, state.psw.address - BigInt(state.interceptedLength()));
  state.sd.setU64(SD.breakingEvent, from);
  state.psw = { mask, address };
}

/** TEST BLOCK clears the block at a real address and finds it usable. */
function testBlock(i: Interception): undefined {
  const { state } = i;
  const block = state.gr(i.field('R2')) & ~0xfffn;
  const address = i.state.realToAbsolute(block);
  const view = address === undefined ? undefined : state.vm.storage.view(address, 4096);
  if (!view) return i.program(ProgramInterruption.addressing);
  const lowProtected = state.control(0) & (1n << 28n) && block < 8192n;
  if (lowProtected) return i.program(ProgramInterruption.protection);
  view.fill(0);
  state.setGr(0, 0n);
  state.setCc(0);
  return undefined;
}

/** SET CLOCK moves the epoch: the host's clock is not the guest's to set. */
function setClock(i: Interception): undefined {
  const operand = i.operand();
  if (operand.address & 7n) return i.program(ProgramInterruption.specification);
  const bytes = i.state.readLogical(operand, 8);
  if ('code' in bytes) return i.program(bytes.code);
  const value = new DataView(bytes.buffer).getBigUint64(0);
  i.state.sd.setU64(SD.epoch, BigInt.asUintN(64, value - i.host.clock()));
  i.state.setCc(0);
  return undefined;
}

/** Diagnose functions that only concern the hypervisor's scheduling and paging are done here. */
function diagnose(i: Interception): VcpuExit | undefined {
  const code = Number(i.operand().address & 0xffffn);
  switch (code) {
    case 0x44: // voluntary time-slice end
    case 0x9c: // the same, for the benefit of one CPU
      return undefined;
    case 0x10:
      return releasePages(i);
    case 0x500:
      if (notify(i)) return undefined;
      break;
  }
  return { reason: 'diagnose', code, r1: i.field('R1'), r3: i.field('R3') };
}

/** DIAG 500, function 3: a notification that another thread serves later, if it is known. */
function notify({ state, host }: Interception): boolean {
  if (state.gr(1) !== NOTIFY_VIRTIO_CCW || !host.onIoEvent || state.gr(3) > 0xffffn) return false;
  const event = { subsystem: Number(state.gr(2) & 0xffff_ffffn), queue: Number(state.gr(3)) };
  const signalled = state.vm.ioEvents.signal(event, BigInt.asIntN(64, state.gr(4)));
  if (!signalled) return false;
  if (signalled.tell) host.onIoEvent();
  state.setGr(2, BigInt(signalled.cookie));
  return true;
}

const NOTIFY_VIRTIO_CCW = 3n;

/** DIAG 10: the pages from R1 to R3 are not needed any more; they read as zeros from now on. */
function releasePages(i: Interception): undefined {
  const { state } = i;
  const start = state.gr(i.field('R1'));
  const end = state.gr(i.field('R3')) + 4096n;
  const misplaced = start & 0xfffn || end & 0xfffn || start >= end || start < 2n * 4096n;
  if (misplaced) return i.program(ProgramInterruption.specification);
  const size = BigInt(state.vm.storage.size);
  for (let at = start; at < end && at < size; at += 4096n) {
    const address = state.realToAbsolute(at);
    // The prefix area stays.
    if (address === undefined || Math.floor(address / 8192) * 8192 === state.prefix) continue;
    state.vm.storage.view(address, 4096)?.fill(0);
  }
  return undefined;
}

const ioInstructions: ReadonlySet<string> = new Set(interceptedInstructions.io);

/** Handles an instruction interception, or makes an exit of it. */
export function handleInstruction(state: VcpuState, host: InterceptionHost): VcpuExit | undefined {
  state.cpuFlags &= ~CpuFlag.wait;
  const text = state.sd.bytes(SD.ipa, 6);
  const row = decode(text);
  if (!row) {
    state.injectProgram(ProgramInterruption.operation);
    return undefined;
  }
  const interception = new Interception(state, row, text, host);
  if (ioInstructions.has(row.mnemonic)) {
    const operand = row.format.name === 'S' ? interception.operand() : interception.registerOperand('R1');
    const subsystem = Number(state.gr(1) & 0xffff_ffffn);
    return { reason: 'io', mnemonic: row.mnemonic, subsystem, operand };
  }
  const handler = handlers[row.mnemonic];
  // What is intercepted and has no handler belongs to a facility that is not offered.
  return handler ? handler(interception) : interception.program(ProgramInterruption.operation);
}

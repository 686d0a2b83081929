/**
 * I/O instructions (Principles of Operation, chapter 14, "I/O Instructions"): fetches their operands, has the channel
 * subsystem act, and stores what it answers.
 */
import { Lowcore, ProgramInterruption } from '@zarch/arch';
import type { ChannelSubsystem, IoResult } from '@zarch/css';
import { type InterceptedOperand, ioSubclassMask, type VcpuExit, type VcpuState } from '@zarch/kvm';

type IoExit = VcpuExit & { readonly reason: 'io' };

/** Bytes of the operands. */
const Size = { schib: 52, orb: 32, irb: 96, crw: 4, channelPaths: 32, chsc: 4096 } as const;

interface Instruction {
  /** Bytes to fetch from the storage operand and give to `act`. */
  readonly fetch?: number;
  /** Bytes that may be stored: the access is tested before anything happens. */
  readonly store?: number;
  /** The storage operand is on a word boundary. */
  readonly aligned?: boolean;
  readonly act: (css: ChannelSubsystem, word: number, block: Uint8Array, state: VcpuState) => IoResult;
}

const instructions: Readonly<Record<string, Instruction>> = {
  stsch: { store: Size.schib, aligned: true, act: (css, word) => css.stsch(word) },
  msch: { fetch: Size.schib, aligned: true, act: (css, word, block) => css.msch(word, block) },
  ssch: { fetch: Size.orb, aligned: true, act: (css, word, block) => css.ssch(word, block) },
  tsch: { store: Size.irb, aligned: true, act: (css, word) => css.tsch(word) },
  csch: { act: (css, word) => css.csch(word) },
  hsch: { act: (css, word) => css.hsch(word) },
  rsch: { act: (css, word) => css.rsch(word) },
  xsch: { act: (css, word) => css.xsch(word) },
  rchp: { act: (css, word) => css.rchp(word) },
};

/** Does an intercepted I/O instruction and leaves its condition code or exception. */
export function ioInstruction(css: ChannelSubsystem, state: VcpuState, exit: IoExit): void {
  const instruction = instructions[exit.mnemonic];
  if (instruction) return simple(css, state, exit, instruction);
  switch (exit.mnemonic) {
    case 'stcrw':
      return storeReport(css, state, exit.operand);
    case 'tpi':
      return testPending(css, state, exit.operand);
    case 'stcps':
      return storePaths(css, state, exit.operand);
    case 'sal':
      return control(state, css.sal(exit.subsystem));
    case 'schm':
      return control(state, css.schm(exit.subsystem, state.gr(2)));
    case 'chsc':
      return call(css, state, exit.operand);
    case 'siga':
      // Signal adapter: no queue has been established.
      return state.setCc(3);
    default:
      return state.injectProgram(ProgramInterruption.operation);
  }
}

function simple(css: ChannelSubsystem, state: VcpuState, exit: IoExit, instruction: Instruction): void {
  const { operand, subsystem } = exit;
  if (instruction.aligned && operand.address & 3n)
    return state.injectProgram(ProgramInterruption.specification);
  let block: Uint8Array = new Uint8Array(0);
  if (instruction.fetch) {
    const bytes = state.readLogical(operand, instruction.fetch);
    if ('code' in bytes) return state.injectProgram(bytes.code);
    block = bytes;
  }
  if (instruction.store) {
    const failure = state.testWrite(operand, instruction.store);
    if (failure) return state.injectProgram(failure.code);
  }
  answer(state, operand, instruction.act(css, subsystem, block, state));
}

function answer(state: VcpuState, operand: InterceptedOperand, result: IoResult): void {
  if (result.kind === 'program') return state.injectProgram(result.code);
  if (result.data) {
    const failure = state.writeLogical(operand, result.data);
    if (failure) return state.injectProgram(failure.code);
  }
  state.setCc(result.cc);
}

function control(
  state: VcpuState,
  result: { readonly kind: 'program'; readonly code: number } | { readonly kind: 'done' },
): void {
  if (result.kind === 'program') state.injectProgram(result.code);
}

/** STORE CHANNEL REPORT WORD: a report that cannot be stored stays pending. */
function storeReport(css: ChannelSubsystem, state: VcpuState, operand: InterceptedOperand): void {
  if (operand.address & 3n) return state.injectProgram(ProgramInterruption.specification);
  const failure = state.testWrite(operand, Size.crw);
  if (failure) return state.injectProgram(failure.code);
  answer(state, operand, css.stcrw());
}

/** TEST PENDING INTERRUPTION stores at the operand, or in the prefix area when its address is zero. */
function testPending(css: ChannelSubsystem, state: VcpuState, operand: InterceptedOperand): void {
  if (operand.address & 3n) return state.injectProgram(ProgramInterruption.specification);
  const toPrefixArea = operand.address === 0n;
  if (!toPrefixArea) {
    const failure = state.testWrite(operand, 8);
    if (failure) return state.injectProgram(failure.code);
  }
  const result = css.tpi(ioSubclassMask(state));
  if (result.kind === 'program') return state.injectProgram(result.code);
  if (result.data) {
    if (toPrefixArea) state.lowcore().setBytes(Lowcore.subchannelId, result.data);
    else state.writeLogical(operand, result.data.subarray(0, 8));
  }
  state.setCc(result.cc);
}

function storePaths(css: ChannelSubsystem, state: VcpuState, operand: InterceptedOperand): void {
  if (operand.address & 31n) return state.injectProgram(ProgramInterruption.specification);
  const result = css.stcps();
  if (result.kind === 'program') return state.injectProgram(result.code);
  const failure = result.data ? state.writeLogical(operand, result.data) : undefined;
  if (failure) state.injectProgram(failure.code);
}

/** CHANNEL SUBSYSTEM CALL: the block is a page. */
function call(css: ChannelSubsystem, state: VcpuState, operand: InterceptedOperand): void {
  if (operand.address & 0xfffn) return state.injectProgram(ProgramInterruption.specification);
  const block = state.readLogical(operand, Size.chsc);
  if ('code' in block) return state.injectProgram(block.code);
  const failure = state.testWrite(operand, Size.chsc);
  if (failure) return state.injectProgram(failure.code);
  const result = css.chsc(block);
  if (result.kind === 'program') return state.injectProgram(result.code);
  const at = { address: operand.address + BigInt(result.offset), ar: operand.ar };
  state.writeLogical(at, result.data);
  state.setCc(result.cc);
}

/**
 * How a case ended, as a Linux program sees it: a signal, and the state at that moment. Program interruptions
 * become signals as in Linux (arch/s390/kernel/traps.c) and in QEMU's user mode, which agree for these codes.
 */
import { ProgramInterruption } from '@zarch/arch';
import { DATA_PAGES, output } from './layout.ts';

export interface Outcome {
  readonly signal: number;
  readonly signalCode: number;
  /** Of the instruction; for an access exception, of the page that could not be accessed. */
  readonly signalAddress: number;
  readonly pswMask: bigint;
  readonly pswAddress: bigint;
  readonly gr: BigUint64Array;
  readonly fpr: BigUint64Array;
  readonly ar: Uint32Array;
  readonly fpc: number;
  readonly windows: Uint8Array;
  /** Of each data page: its words added with the carries brought around. */
  readonly checksums: readonly number[];
}

export const Signal = { illegal: 4, arithmetic: 8, segmentation: 11 } as const;

/** Signal and `si_code` of a program interruption; `undefined` for one that no case should end in. */
export function signalOf(code: number, dxc: number): readonly [number, number] | undefined {
  const p = ProgramInterruption;
  switch (code) {
    case p.operation:
    case p.privilegedOperation:
      return [Signal.illegal, 1];
    case p.execute:
    case p.specification:
    case p.specialOperation:
    case p.operand:
      return [Signal.illegal, 2];
    case p.data:
      return dxc === 0 ? [Signal.illegal, 2] : [Signal.arithmetic, dataSignalCode(dxc)];
    case p.fixedPointOverflow:
      return [Signal.arithmetic, 2];
    case p.fixedPointDivide:
      return [Signal.arithmetic, 1];
    case p.protection:
      return [Signal.segmentation, 2];
    case p.addressing:
    case p.segmentTranslation:
    case p.pageTranslation:
    case p.asceType:
    case p.regionFirstTranslation:
    case p.regionSecondTranslation:
    case p.regionThirdTranslation:
      return [Signal.segmentation, 1];
    default:
      return undefined;
  }
}

/** An IEEE exception that is not simulated has a code of its own. */
function dataSignalCode(dxc: number): number {
  if ((dxc & 3) !== 0) return 0;
  const codes = [
    [0x80, 7],
    [0x40, 3],
    [0x20, 4],
    [0x10, 5],
    [0x08, 6],
  ] as const;
  return codes.find(([bit]) => (dxc & bit) !== 0)?.[1] ?? 0;
}

/** An outcome from the runner's record. */
export function decodeOutcome(bytes: Uint8Array, offset: number): Outcome {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, output.size);
  const signal = view.getUint32(output.signal);
  const address = Number(view.getBigUint64(output.signalAddress));
  const gr = new BigUint64Array(16);
  const fpr = new BigUint64Array(16);
  const ar = new Uint32Array(16);
  for (let i = 0; i < 16; i++) {
    gr[i] = view.getBigUint64(output.gr + 8 * i);
    fpr[i] = view.getBigUint64(output.fpr + 8 * i);
    ar[i] = view.getUint32(output.ar + 4 * i);
  }
  return {
    signal,
    signalCode: view.getUint32(output.signalCode),
    signalAddress: signal === Signal.segmentation ? address - (address % 4096) : address,
    pswMask: view.getBigUint64(output.pswMask),
    pswAddress: view.getBigUint64(output.pswAddress),
    gr,
    fpr,
    ar,
    fpc: view.getUint32(output.fpc),
    checksums: DATA_PAGES.map((_, i) => view.getUint32(output.checksums + 4 * i)),
    windows: bytes.subarray(offset + output.windows, offset + output.size),
  };
}

/** PSW bits that are compared: condition code, program mask, addressing mode. */
const COMPARED_PSW = 0x0000_3f01_8000_0000n;

/** Names of the parts in which two outcomes differ. */
export function differences(ours: Outcome, peers: Outcome): string[] {
  const found: string[] = [];
  if (ours.signal !== peers.signal) found.push('signal');
  if (ours.signalCode !== peers.signalCode) found.push('signal code');
  if (ours.signalAddress !== peers.signalAddress) found.push('signal address');
  if (ours.pswAddress !== peers.pswAddress) found.push('PSW address');
  const mask = (ours.pswMask ^ peers.pswMask) & COMPARED_PSW;
  if (mask & 0x3000_0000_0000n) found.push('condition code');
  if (mask & 0x0f00_0000_0000n) found.push('program mask');
  if (mask & 0x1_8000_0000n) found.push('addressing mode');
  if (ours.fpc !== peers.fpc) found.push('FPC');
  for (let i = 0; i < 16; i++) {
    if (ours.gr[i] !== peers.gr[i]) found.push(`GR ${i}`);
    if (ours.fpr[i] !== peers.fpr[i]) found.push(`FPR ${i}`);
    if (ours.ar[i] !== peers.ar[i]) found.push(`AR ${i}`);
  }
  const at = ours.windows.findIndex((byte, i) => byte !== peers.windows[i]);
  if (at >= 0) found.push(`storage +${at}`);
  else if (ours.checksums.some((sum, i) => sum !== peers.checksums[i])) found.push('stray storage');
  return found;
}

/** The condition code of an outcome. */
export function conditionCode(outcome: Outcome): number {
  return Number((outcome.pswMask >> 44n) & 3n);
}

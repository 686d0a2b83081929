/** How the outcomes of a case differ, and what explanations ask about that. */
import type { Case } from './case.ts';
import { conditionCode, type Outcome, Signal } from './outcome.ts';

/** A case whose outcomes differ. */
export interface Difference {
  readonly test: Case;
  readonly ours: Outcome;
  readonly peers: Outcome;
  /** The parts that differ, as `differences` names them. */
  readonly parts: readonly string[];
}

export const SIGNAL_PARTS = ['signal', 'signal code', 'signal address', 'PSW address'];

export function only(parts: readonly string[], ...allowed: readonly (string | RegExp)[]): boolean {
  return parts.every((part) =>
    allowed.some((each) => (typeof each === 'string' ? each === part : each.test(part))),
  );
}

export function dxc(outcome: Outcome): number {
  return (outcome.fpc >> 8) & 0xff;
}

/** The differing FPC bits. */
export function fpcBits({ ours, peers }: Difference): number {
  return (ours.fpc ^ peers.fpc) >>> 0;
}

export function isSpecification(outcome: Outcome): boolean {
  return outcome.signal === Signal.illegal && outcome.signalCode === 2;
}

export function isData(outcome: Outcome): boolean {
  return outcome.signal === Signal.arithmetic && outcome.signalCode !== 1 && outcome.signalCode !== 2;
}

/** Whether the peer left everything that differs as it was. */
export function peerUnchanged({ test, peers, parts }: Difference): boolean {
  return parts.every((part) => {
    const number = Number(part.split(' ')[1]);
    if (part.startsWith('GR')) return peers.gr[number] === test.gr[number];
    if (part.startsWith('FPR')) return peers.fpr[number] === test.fpr[number];
    if (part === 'condition code') return conditionCode(peers) === test.cc;
    return true;
  });
}

/** Bits of an address register that the addressing mode leaves out of the address. */
export function onlyHighAddressBits({ test, ours, peers, parts }: Difference): boolean {
  if (test.mode === 64) return false;
  const ignored = BigInt.asUintN(64, -(1n << BigInt(test.mode)));
  return parts.every((part) => {
    if (!part.startsWith('GR')) return false;
    const number = Number(part.split(' ')[1]);
    return (((ours.gr[number] ?? 0n) ^ (peers.gr[number] ?? 0n)) & ~ignored) === 0n;
  });
}

/** Whether only registers differ, and ours have come a few bytes further, or just lost bits beyond the address. */
export function onlyAdvanced({ test, ours, peers, parts }: Difference): boolean {
  const address = (registers: BigUint64Array, number: number) =>
    BigInt.asUintN(test.mode, registers[number] ?? 0n);
  return parts.every((part) => {
    const number = Number(part.split(' ')[1]);
    const own = address(ours.gr, number);
    const step = BigInt.asUintN(test.mode, own - address(test.gr, number));
    return part.startsWith('GR') && (own === address(peers.gr, number) || step < 0x1000n);
  });
}

/** Whether a NaN is on both sides, and at most invalid operation is recognized on one of them only. */
export function bothNan({ test, ours, peers, parts }: Difference): boolean {
  const infinity = /^m[as]eb/.test(test.mnemonic) ? 0x7f80_0000_ffff_ffffn : 0x7ff0_0000_0000_0000n;
  const isNan = (value: bigint | undefined) => ((value ?? 0n) & 0x7fff_ffff_ffff_ffffn) > infinity;
  const r1 = (test.bytes[0] === 0xed ? (test.bytes[4] ?? 0) : (test.bytes[2] ?? 0)) >> 4;
  return (
    isNan(ours.fpr[r1]) &&
    isNan(peers.fpr[r1]) &&
    ((ours.fpc ^ peers.fpc) & ~0x80_ff00) === 0 &&
    only(parts, `FPR ${r1}`, 'FPC', ...SIGNAL_PARTS)
  );
}

/** The number of characters of TRANSLATE ONE TO ONE and its like. */
export function translatedLength({ bytes, gr, mode }: Case): bigint {
  const r1 = (bytes[3] ?? 0) >> 4;
  return BigInt.asUintN(mode === 64 ? 64 : 32, gr[(r1 + 1) & 15] ?? 0n);
}

/** The T bit, bit 0 of I3. */
export function isTestForm(test: Case): boolean {
  return /^r[nox]sbg$/.test(test.mnemonic) && ((test.bytes[2] ?? 0) & 0x80) !== 0;
}

/** How far the operands of an instruction of an SS format are apart. */
export function distance({ bytes, gr, mode }: Case): number {
  const address = (at: number) => {
    const field = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    const base = field >> 12;
    return BigInt.asUintN(mode, (base === 0 ? 0n : (gr[base] ?? 0n)) + BigInt(field & 0xfff));
  };
  return Math.abs(Number(address(2) - address(4)));
}

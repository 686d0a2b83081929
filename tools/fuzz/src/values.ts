/** Random values for registers and PSWs, near what matters: small numbers, addresses at the ends of pages and storage. */
import { ASCE, PSW } from '@zarch/arch';
import type { Random } from '@zarch/arch/testing';
import type { VcpuState } from '@zarch/kvm';
import { ENDLESS, MEMORY, SEGMENT_TABLE } from './layout.ts';

export function interestingValue(random: Random): bigint {
  switch (random.below(10)) {
    case 0:
      return BigInt(random.below(300));
    case 1:
      return random.bits(64);
    case 2:
      return BigInt.asUintN(64, -BigInt(random.below(5000)));
    case 3:
      return BigInt(MEMORY) + BigInt(random.below(64)) - 32n;
    case 4:
      return BigInt.asUintN(64, (1n << BigInt(random.below(64))) - BigInt(random.below(3)));
    case 5:
      return random.bits(32);
    case 6:
      return BigInt(random.below(MEMORY / 4096) * 4096);
    default:
      return BigInt(random.below(MEMORY)) & ~BigInt(random.pick([0, 1, 3, 7, 0xff]));
  }
}

export function randomRegisters(random: Random, state: VcpuState): void {
  for (let i = 0; i < 16; i++) {
    state.setGr(i, interestingValue(random));
    state.block.setAr(i, random.chance(70) ? random.below(3) : random.next());
    state.block.setFpr(i, random.chance(50) ? random.bits(64) : 0n);
  }
  state.block.fpc = random.next() & 0xf8f8_ff77;
}

/** An address-space-control element, mostly of the tables that were made. */
function randomAsce(random: Random): bigint {
  const flags = BigInt(random.below(256)) << 4n;
  if (random.chance(25)) return BigInt(ENDLESS.regionFirst) | 0xfn;
  if (random.chance(70)) return BigInt(SEGMENT_TABLE) | (flags & ~ASCE.realSpace & 0xfc0n);
  return random.chance(50) ? random.bits(64) : BigInt(random.below(MEMORY)) | random.bits(8);
}

export function randomControls(random: Random, state: VcpuState): void {
  for (let i = 0; i < 16; i++) {
    if (random.chance(60))
      state.setControl(i, random.chance(50) ? random.bits(64) : interestingValue(random));
  }
  for (const i of [1, 7, 13]) state.setControl(i, randomAsce(random));
}

/** A PSW mask; most are valid. */
export function randomMask(random: Random): bigint {
  const bits = random.bits(64);
  if (random.chance(3)) return bits;
  const mode = random.pick([0n, PSW.basicAddressing, PSW.extendedAddressing | PSW.basicAddressing]);
  const all = mode === 0n || random.chance(70) ? PSW.extendedAddressing | PSW.basicAddressing : mode;
  const unlikely = PSW.wait | PSW.per | PSW.key;
  const kept = random.chance(80) ? bits & ~unlikely : bits;
  return (kept & ~PSW.unassigned & ~PSW.shortFormat & ~(PSW.extendedAddressing | PSW.basicAddressing)) | all;
}

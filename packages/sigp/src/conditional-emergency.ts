/**
 * When a conditional emergency signal is made pending (Principles of Operation, chapter 4, "Conditional Emergency
 * Signal").
 */
import { PSW } from '@zarch/arch';

export interface EmergencyCondition {
  /** The first doubleword of the CPU's PSW. */
  readonly pswMask: bigint;
  readonly instructionAddress: bigint;
  readonly primaryAsn: number;
  readonly secondaryAsn: number;
}

/**
 * Whether a CPU in that state takes the signal: it is not enabled for both external and I/O interruptions, it
 * waits at an address that is not zero, or it runs in the address space the order names.
 */
export function takesConditionalEmergency(cpu: EmergencyCondition, asn: number): boolean {
  const enabled = PSW.external | PSW.io;
  if ((cpu.pswMask & enabled) !== enabled) return true;
  if ((cpu.pswMask & PSW.wait) !== 0n) return cpu.instructionAddress !== 0n;
  return cpu.primaryAsn === asn || cpu.secondaryAsn === asn;
}

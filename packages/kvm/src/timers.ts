/** When a CPU's timers interrupt next (Principles of Operation, chapter 4, "Timing"). */
import { CR0, PSW, StateDescription as SD } from '@zarch/arch';
import type { VcpuState } from './vcpu-state.ts';

/**
 * TOD-clock units until the earlier of clock comparator and CPU timer interrupts; negative when one is due, undefined
 * when the CPU is enabled for neither.
 *
 * @param now - The host's clock in TOD-clock units.
 */
export function timerDelay(state: VcpuState, now: bigint): bigint | undefined {
  if (!(state.psw.mask & PSW.external)) return undefined;
  const cr0 = state.control(0);
  const delays: bigint[] = [];
  if (cr0 & CR0.clockComparator) {
    delays.push(state.sd.u64(SD.clockComparator) - BigInt.asUintN(64, now + state.sd.u64(SD.epoch)));
  }
  if (cr0 & CR0.cpuTimer) delays.push(BigInt.asIntN(64, state.sd.u64(SD.cpuTimer)));
  return delays.reduce<bigint | undefined>((a, b) => (a === undefined || b < a ? b : a), undefined);
}

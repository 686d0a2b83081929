/** CPU resets (Principles of Operation, chapter 4, "Resets"). */
import { CpuFlag, StateDescription as SD } from '@zarch/arch';
import { cpuLayout } from '@zarch/cpu';
import type { VcpuState } from './vcpu-state.ts';

/** CPU reset: pending local interruptions go, and the CPU is stopped. */
export function cpuReset(state: VcpuState): void {
  state.vm.states.reset(state.place.cpuAddress);
  state.cpuFlags = CpuFlag.zArchitecture;
}

/** Initial CPU reset: PSW, prefix, timers, control registers and FPC get their initial values too. */
export function initialCpuReset(state: VcpuState): void {
  cpuReset(state);
  state.psw = { mask: 0n, address: 0n };
  state.prefix = 0;
  for (let i = 0; i < 16; i++) state.setControl(i, 0n);
  state.setControl(0, 0xe0n);
  state.setControl(14, 0xc200_0000n);
  state.block.fpc = 0;
  state.block.setU64(cpuLayout.breakingEvent, 1n);
  const { sd } = state;
  sd.setU64(SD.breakingEvent, 1n);
  sd.setU64(SD.cpuTimer, 0n);
  sd.setU64(SD.clockComparator, 0n);
  sd.setU32(SD.todProgrammable, 0);
}

/** Clear reset of a CPU: all registers are zero. Storage is cleared by the machine. */
export function clearReset(state: VcpuState): void {
  initialCpuReset(state);
  for (let i = 0; i < 16; i++) {
    state.setGr(i, 0n);
    state.block.setAr(i, 0);
  }
  for (let i = 0; i < 32; i++) {
    state.block.setU64(cpuLayout.vr + 16 * i, 0n);
    state.block.setU64(cpuLayout.vr + 16 * i + 8, 0n);
  }
}

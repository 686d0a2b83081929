/** Machine-check interruptions (Principles of Operation, chapter 11, "Machine-Check Interruption"). */
import { absolute, Lowcore, MachineCheck } from '@zarch/arch';
import { cpuLayout } from '@zarch/cpu';
import { REGISTER_SAVE_AREA, REGISTER_SAVE_SIZE, storeRegisters } from './register-save-areas.ts';
import type { VcpuState } from './vcpu-state.ts';

/** All of the state is valid: no machine is really broken. */
const VALID =
  MachineCheck.pswEmwp |
  MachineCheck.pswMaskAndKey |
  MachineCheck.programMaskAndConditionCode |
  MachineCheck.instructionAddress |
  MachineCheck.floatingPointRegisters |
  MachineCheck.generalRegisters |
  MachineCheck.controlRegisters |
  MachineCheck.storageLogical |
  MachineCheck.accessRegisters |
  MachineCheck.todProgrammable |
  MachineCheck.floatingPointControl |
  MachineCheck.cpuTimer |
  MachineCheck.clockComparator;

const VECTOR_FACILITY = 129;
const VECTORS_SIZE = 512;
const EXTENDED_AREA_ALIGNMENT = 1024;

/**
 * Presents a machine check.
 *
 * @param subclasses - Bits of {@link MachineCheck} that say what happened.
 */
export function presentMachineCheck(state: VcpuState, subclasses: bigint): void {
  const area = state.lowcore();
  storeRegisters(state, area.sub(REGISTER_SAVE_AREA, REGISTER_SAVE_SIZE));
  const vectors = storeVectors(state) ? MachineCheck.vectorRegisters : 0n;
  area.setU64(Lowcore.machineCheckCode, VALID | vectors | subclasses);
  area.setU32(Lowcore.externalDamageCode, 0);
  area.setU64(Lowcore.failingStorageAddress, 0n);
  // The fixed-logout area: this model has nothing to say there.
  area.fill(0, Lowcore.storeStatusPsw, 16);
  state.exchangePsw(Lowcore.machineCheckOldPsw, Lowcore.machineCheckNewPsw);
}

/** Stores the vector registers where the extended-save-area designation says, if it designates an area. */
function storeVectors(state: VcpuState): boolean {
  if (!state.vm.model.facilities.has(VECTOR_FACILITY)) return false;
  const designation = state.lowcore().u64(Lowcore.machineCheckExtendedArea);
  const origin = designation & ~BigInt(EXTENDED_AREA_ALIGNMENT - 1);
  if (origin === 0n || origin >= BigInt(state.vm.storage.size)) return false;
  const area = state.vm.storage.view(absolute(origin), VECTORS_SIZE);
  if (!area) return false;
  for (let i = 0; i < 32; i++) {
    const register = cpuLayout.vr + 16 * i;
    area.setU64(16 * i, state.block.u64(register + 8));
    area.setU64(16 * i + 8, state.block.u64(register));
  }
  return true;
}

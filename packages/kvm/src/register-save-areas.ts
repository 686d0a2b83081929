/**
 * The save areas for a CPU's registers, which store-status and machine checks share (Principles of Operation,
 * chapter 4, "Store Status", and chapter 11, "Machine-Check Extended Interruption Information").
 */
import { Lowcore, StateDescription as SD } from '@zarch/arch';
import type { StorageView } from '@zarch/memory';
import type { VcpuState } from './vcpu-state.ts';

/** Where the areas begin in the prefix area, and bytes that they take. */
export const REGISTER_SAVE_AREA = Lowcore.storeStatusFpr;
export const REGISTER_SAVE_SIZE = 512;

/** @param area - Of {@link REGISTER_SAVE_SIZE} bytes. */
export function storeRegisters(state: VcpuState, area: StorageView): void {
  const at = (location: number): number => location - REGISTER_SAVE_AREA;
  for (let i = 0; i < 16; i++) {
    area.setU64(at(Lowcore.storeStatusFpr) + 8 * i, state.block.fpr(i));
    area.setU64(at(Lowcore.storeStatusGr) + 8 * i, state.gr(i));
    area.setU32(at(Lowcore.storeStatusAr) + 4 * i, state.block.ar(i));
    area.setU64(at(Lowcore.storeStatusCr) + 8 * i, state.control(i));
  }
  area.setU32(at(Lowcore.storeStatusFpc), state.block.fpc);
  area.setU32(at(Lowcore.storeStatusTodProgrammable), state.sd.u32(SD.todProgrammable));
  area.setU64(at(Lowcore.storeStatusCpuTimer), state.sd.u64(SD.cpuTimer));
  // The clock comparator's leftmost 56 bits follow a byte of zeros.
  area.setU64(at(Lowcore.storeStatusClockComparator) - 1, state.sd.u64(SD.clockComparator) >> 8n);
}

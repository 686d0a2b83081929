/** Carrying out what SIGNAL PROCESSOR asks of a CPU (Principles of Operation, chapter 4, "Signal-Processor Orders"). */
import { absolute, Lowcore, PSW, StateDescription as SD, SigpOrder } from '@zarch/arch';
import type { StorageView } from '@zarch/memory';
import { type SignalEnvironment, takesConditionalEmergency } from '@zarch/sigp';
import { cpuReset, initialCpuReset } from './reset.ts';
import type { VcpuState } from './vcpu-state.ts';
import type { Vm } from './vm.ts';

/** Has a CPU look at what waits for it. */
export function kickCpu(vm: Vm, cpuAddress: number): void {
  vm.places[cpuAddress]?.local.kick();
}

/** Presents a restart interruption, as an operator's restart key or a watchdog does. */
export function restartCpu(vm: Vm, cpuAddress: number): void {
  vm.states.postOrder(cpuAddress, SigpOrder.restart);
  kickCpu(vm, cpuAddress);
}

/** What the orders need to know of the configuration. */
export function signalEnvironment(state: VcpuState): SignalEnvironment {
  const { vm } = state;
  return {
    storageContains: (address, length) => vm.storage.view(absolute(address), length) !== undefined,
    // Only the CPU itself can be asked here; another one's PSW is its own thread's.
    takesConditionalEmergency: (target, asn) =>
      target === state.place.cpuAddress &&
      takesConditionalEmergency(
        {
          pswMask: state.psw.mask,
          instructionAddress: state.psw.address,
          primaryAsn: Number(state.control(4) & 0xffffn),
          secondaryAsn: Number(state.control(3) & 0xffffn),
        },
        asn,
      ),
    vector: vm.model.facilities.has(129),
    guardedStorage: vm.model.facilities.has(133),
  };
}

/** Carries out the order that waits, if any. Not while the CPU runs. */
export function takeOrder(state: VcpuState): void {
  const { states } = state.vm;
  const { cpuAddress } = state.place;
  const pending = states.pendingOrder(cpuAddress);
  if (!pending) return;
  switch (pending.order) {
    case SigpOrder.stopAndStoreStatus:
      storeStatus(state, absolute(state.prefix + STATUS_AREA));
      break;
    case SigpOrder.storeStatusAtAddress:
      storeStatus(state, absolute(pending.address));
      break;
    case SigpOrder.restart:
      state.exchangePsw(Lowcore.restartOldPsw, Lowcore.restartNewPsw);
      break;
    case SigpOrder.setPrefix:
      state.prefix = Number(pending.address & 0x7fff_e000n);
      break;
    case SigpOrder.cpuReset:
      cpuReset(state);
      break;
    case SigpOrder.initialCpuReset:
      initialCpuReset(state);
      break;
  }
  states.completeOrder(cpuAddress, pending.order);
}

/** Where stop-and-store-status stores, in the prefix area. */
const STATUS_AREA = Lowcore.storeStatusFpr;

/** Stores the CPU's status in 512 bytes, laid out as from location 0x1200 of the prefix area. */
function storeStatus(state: VcpuState, address: ReturnType<typeof absolute>): void {
  const area = state.vm.storage.view(address, 512);
  if (!area) return;
  const at = (location: number): number => location - STATUS_AREA;
  for (let i = 0; i < 16; i++) {
    area.setU64(at(Lowcore.storeStatusFpr) + 8 * i, state.block.fpr(i));
    area.setU64(at(Lowcore.storeStatusGr) + 8 * i, state.gr(i));
    area.setU32(at(Lowcore.storeStatusAr) + 4 * i, state.block.ar(i));
    area.setU64(at(Lowcore.storeStatusCr) + 8 * i, state.control(i));
  }
  storePsw(area, at(Lowcore.storeStatusPsw), state.psw.mask & ~PSW.shortFormat, state.psw.address);
  area.setU32(at(Lowcore.storeStatusPrefix), state.prefix);
  area.setU32(at(Lowcore.storeStatusFpc), state.block.fpc);
  area.setU32(at(Lowcore.storeStatusTodProgrammable), state.sd.u32(SD.todProgrammable));
  area.setU64(at(Lowcore.storeStatusCpuTimer), state.sd.u64(SD.cpuTimer));
  // The clock comparator's leftmost 56 bits follow a byte of zeros.
  area.setU64(at(Lowcore.storeStatusClockComparator) - 1, state.sd.u64(SD.clockComparator) >> 8n);
}

function storePsw(area: StorageView, offset: number, mask: bigint, address: bigint): void {
  area.setU64(offset, mask);
  area.setU64(offset + 8, address);
}

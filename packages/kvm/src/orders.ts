/** Carrying out what SIGNAL PROCESSOR asks of a CPU (Principles of Operation, chapter 4, "Signal-Processor Orders"). */
import { absolute, Lowcore, PSW, SigpOrder } from '@zarch/arch';
import { type SignalEnvironment, takesConditionalEmergency } from '@zarch/sigp';
import { REGISTER_SAVE_AREA, REGISTER_SAVE_SIZE, storeRegisters } from './register-save-areas.ts';
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
      storeStatus(state, absolute(state.prefix + REGISTER_SAVE_AREA));
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

/** Stores the CPU's status in 512 bytes, laid out as from location 0x1200 of the prefix area. */
function storeStatus(state: VcpuState, address: ReturnType<typeof absolute>): void {
  const area = state.vm.storage.view(address, REGISTER_SAVE_SIZE);
  if (!area) return;
  storeRegisters(state, area);
  const { mask, address: instruction } = state.psw;
  area.setU64(Lowcore.storeStatusPsw - REGISTER_SAVE_AREA, mask & ~PSW.shortFormat);
  area.setU64(Lowcore.storeStatusPsw + 8 - REGISTER_SAVE_AREA, instruction);
  area.setU32(Lowcore.storeStatusPrefix - REGISTER_SAVE_AREA, state.prefix);
}

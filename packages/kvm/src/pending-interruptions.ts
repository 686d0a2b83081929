/**
 * Interruptions that the hypervisor presents, in the order of their priority (Principles of Operation, chapter 6,
 * "Priority of Interruptions"), and the requests by which a CPU that is not enabled for one comes back as soon as it
 * is (what `arch/s390/kvm/interrupt.c` is to Linux).
 */
import {
  adapterInterruptionCode,
  CpuFlag,
  CR0,
  CR6,
  CR14,
  ExternalInterruption,
  InterceptionControl,
  Lowcore,
  lctlBit,
  MachineCheck,
  PSW,
  StateDescription as SD,
} from '@zarch/arch';
import type { InterruptionKind } from '@zarch/cpu';
import type { VcpuExit } from './exits.ts';
import { Floating } from './interrupt-state.ts';
import { presentMachineCheck } from './machine-check.ts';
import { timerDelay } from './timers.ts';
import type { VcpuState } from './vcpu-state.ts';

/** Told of each interruption that is about to be presented. */
export type InterruptionObserver = (kind: InterruptionKind, code: number) => void;

/**
 * Presents what is pending and enabled. A new PSW that is enabled for what follows makes that come first in turn.
 *
 * @param now - The host's clock in TOD-clock units.
 * @returns An exit when an interruption of a subchannel is to be presented: only the channel subsystem knows which.
 */
export function presentPending(
  state: VcpuState,
  now: bigint,
  observer: InterruptionObserver,
): VcpuExit | undefined {
  presentChannelReport(state, observer);
  presentEmergencySignal(state, observer);
  presentExternalCall(state, observer);
  presentServiceSignal(state, observer);
  return ioInterruption(state, now, observer);
}

const externalEnabled = (state: VcpuState, subclass: bigint): boolean =>
  (state.psw.mask & PSW.external) !== 0n && (state.control(0) & subclass) !== 0n;

function presentChannelReport(state: VcpuState, observer: InterruptionObserver): void {
  const { floating } = state.vm;
  if (!(floating.pending & Floating.channelReport)) return;
  if (!(state.psw.mask & PSW.machineCheck) || !(state.control(14) & CR14.channelReport)) return;
  if (!floating.takeChannelReport()) return;
  observer('machine-check', 0);
  presentMachineCheck(state, MachineCheck.channelReportPending);
}

function presentEmergencySignal(state: VcpuState, observer: InterruptionObserver): void {
  if (!externalEnabled(state, CR0.emergencySignal)) return;
  const source = state.vm.states.takeEmergencySignal(state.place.cpuAddress);
  if (source !== undefined) external(state, observer, ExternalInterruption.emergencySignal, source);
}

function presentExternalCall(state: VcpuState, observer: InterruptionObserver): void {
  if (!externalEnabled(state, CR0.externalCall)) return;
  const source = state.vm.states.takeExternalCall(state.place.cpuAddress);
  if (source !== undefined) external(state, observer, ExternalInterruption.externalCall, source);
}

function presentServiceSignal(state: VcpuState, observer: InterruptionObserver): void {
  const { floating } = state.vm;
  if (!(floating.pending & Floating.serviceSignal) || !externalEnabled(state, CR0.serviceSignal)) return;
  const parameter = floating.takeServiceSignal();
  if (parameter !== undefined) external(state, observer, ExternalInterruption.serviceSignal, 0, parameter);
}

function external(
  state: VcpuState,
  observer: InterruptionObserver,
  code: number,
  cpuAddress: number,
  parameter?: number,
): void {
  observer('external', code);
  const area = state.lowcore();
  area.setU16(Lowcore.externalCode, code);
  area.setU16(Lowcore.externalCpuAddress, cpuAddress);
  if (parameter !== undefined) area.setU32(Lowcore.externalParameter, parameter);
  state.exchangePsw(Lowcore.externalOldPsw, Lowcore.externalNewPsw);
}

function ioInterruption(state: VcpuState, now: bigint, observer: InterruptionObserver): VcpuExit | undefined {
  if (!(state.psw.mask & PSW.io)) return undefined;
  const { floating } = state.vm;
  const subclasses = (floating.ioSubclasses | floating.adapterSubclasses) & ioSubclassMask(state);
  if (subclasses === 0) return undefined;
  // Interpretive execution presents a timer that is due first, and then comes back for the I/O interruption.
  const delay = timerDelay(state, now);
  if (delay !== undefined && delay < 0n) return undefined;
  const subclass = Math.clz32(subclasses) - 24;
  const first = 0x80 >> subclass;
  if (floating.ioSubclasses & first) return { reason: 'ioInterruption', subclasses };
  if (floating.takeAdapter(first)) {
    observer('io', 0);
    state.injectIo(adapterInterruptionCode(subclass));
  }
  return undefined;
}

/** The I/O-interruption subclass mask: byte 4 of control register 6. */
export function ioSubclassMask(state: VcpuState): number {
  return Number((state.control(6) & CR6.ioSubclassMask) >> BigInt(CR6.ioSubclassShift));
}

/**
 * Asks for an interception at the moment the CPU becomes able to take what is pending: by the PSW mask, or by LOAD
 * CONTROL when it is a subclass mask that is missing. There is no intervention request for machine checks: LOAD PSW
 * is intercepted instead.
 */
export function requestInterventions(state: VcpuState): void {
  const { sd, vm, place } = state;
  let flags = sd.u32(SD.cpuFlags) & ~(CpuFlag.externalRequest | CpuFlag.ioRequest | CpuFlag.stopRequest);
  let ictl = sd.u32(SD.ictl) & ~InterceptionControl.loadPsw;
  let lctl = 0;
  const { states, floating } = vm;
  const wantExternal = (subclass: bigint) => {
    if (state.control(0) & subclass) flags |= CpuFlag.externalRequest;
    else lctl |= lctlBit(0);
  };
  if (floating.pending & Floating.serviceSignal) wantExternal(CR0.serviceSignal);
  if (states.emergencySignal(place.cpuAddress) !== undefined) wantExternal(CR0.emergencySignal);
  if (states.externalCall(place.cpuAddress) !== undefined) wantExternal(CR0.externalCall);
  const io = floating.ioSubclasses | floating.adapterSubclasses;
  const enabled = ioSubclassMask(state);
  if (io & enabled) flags |= CpuFlag.ioRequest;
  if (io & ~enabled) lctl |= lctlBit(6);
  if (floating.pending & Floating.channelReport) {
    if (!(state.control(14) & CR14.channelReport)) lctl |= lctlBit(14);
    else if (!(state.psw.mask & PSW.machineCheck)) ictl |= InterceptionControl.loadPsw;
  }
  sd.setU32(SD.cpuFlags, flags);
  sd.setU32(SD.ictl, ictl);
  sd.setU16(SD.lctl, lctl);
}

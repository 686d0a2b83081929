/**
 * SIGNAL PROCESSOR: what each order does (Principles of Operation, chapter 4, "Signal-Processor Orders" and
 * "Conditions Determining Response").
 *
 * What needs the target's engine is left as its pending order; the target carries it out between instructions.
 */
import { CpuState, SigpOrder, SigpStatus } from '@zarch/arch';
import type { CpuStates } from './cpu-states.ts';

const PREFIX = 0x7fff_e000n;
const PREFIX_SIZE = 8192;
const STATUS_ADDRESS = 0x7fff_fe00n;
const STATUS_SIZE = 512;
/** Bits of an additional-status address that give the length of the area, as a power of two. */
const LENGTH_CHARACTERISTIC = 0xfn;
const ASN = 0xffffn;

export interface SignalEnvironment {
  /** Whether storage has all of the bytes at an absolute address. */
  storageContains(address: bigint, length: number): boolean;
  /** Whether a CPU's state lets it take a conditional emergency signal: {@link takesConditionalEmergency}. */
  takesConditionalEmergency(target: number, asn: number): boolean;
  /** Facility 129. */
  readonly vector: boolean;
  /** Facility 133. */
  readonly guardedStorage: boolean;
}

export interface Signal {
  /** Bits 56-63 of the second-operand address. */
  readonly order: number;
  /** The parameter register: all of general register R1, or of R1 + 1 when R1 is even. */
  readonly parameter: bigint;
  /** Bits 48-63 of general register R3. */
  readonly target: number;
  /** Address of the CPU that executes the instruction. */
  readonly source: number;
}

export type SignalResult =
  | {
      /** 0: accepted. 2: busy. 3: not operational. */
      readonly cc: 0 | 2 | 3;
      /** The target has something to look at: an order, a signal, or that it operates. Wake it. */
      readonly wake?: true;
    }
  | {
      readonly cc: 1;
      /** For bits 32-63 of general register R1: {@link SigpStatus}. */
      readonly status: number;
    };

type Order = (signal: Signal, states: CpuStates, environment: SignalEnvironment) => SignalResult;

const accepted: SignalResult = { cc: 0 };
const posted: SignalResult = { cc: 0, wake: true };
const busy: SignalResult = { cc: 2 };

const resets: ReadonlySet<number> = new Set([SigpOrder.initialCpuReset, SigpOrder.cpuReset]);

/** Executes SIGNAL PROCESSOR, after the check for the problem state. */
export function signalProcessor(
  signal: Signal,
  states: CpuStates,
  environment: SignalEnvironment,
): SignalResult {
  const { order, target } = signal;
  // This order has no target. All CPUs are always in the z/Architecture mode.
  if (order === SigpOrder.setArchitecture) return rejected(SigpStatus.invalidParameter);
  if (states.state(target) === CpuState.notOperational) return { cc: 3 };
  const execute = orders.get(order);
  if (execute === undefined) return rejected(SigpStatus.invalidOrder);

  if (!states.enterAccessPath(target)) return busy;
  try {
    const pending = states.pendingOrder(target);
    if (pending !== undefined && (!resets.has(order) || resets.has(pending.order))) return busy;
    const checkStop = states.state(target) === CpuState.checkStop;
    if (checkStop && order !== SigpOrder.sense && !resets.has(order)) return rejected(SigpStatus.checkStop);
    return execute(signal, states, environment);
  } finally {
    states.leaveAccessPath(target);
  }
}

const orders: ReadonlyMap<number, Order> = new Map<number, Order>([
  [SigpOrder.sense, sense],
  [SigpOrder.externalCall, externalCall],
  [SigpOrder.emergencySignal, emergencySignal],
  [SigpOrder.start, start],
  [SigpOrder.stop, stop],
  [SigpOrder.restart, post],
  [SigpOrder.stopAndStoreStatus, post],
  [SigpOrder.initialCpuReset, post],
  [SigpOrder.cpuReset, post],
  [SigpOrder.setPrefix, setPrefix],
  [SigpOrder.storeStatusAtAddress, storeStatusAtAddress],
  [SigpOrder.conditionalEmergencySignal, conditionalEmergencySignal],
  [SigpOrder.senseRunningStatus, senseRunningStatus],
  [SigpOrder.storeAdditionalStatus, storeAdditionalStatus],
]);

function sense({ target }: Signal, states: CpuStates): SignalResult {
  let status = 0;
  if (states.externalCall(target) !== undefined) status |= SigpStatus.externalCallPending;
  if (states.state(target) === CpuState.stopped) status |= SigpStatus.stopped;
  if (states.state(target) === CpuState.checkStop) status |= SigpStatus.checkStop;
  return status === 0 ? accepted : rejected(status);
}

function externalCall({ target, source }: Signal, states: CpuStates): SignalResult {
  return states.postExternalCall(target, source) ? posted : rejected(SigpStatus.externalCallPending);
}

function emergencySignal({ target, source }: Signal, states: CpuStates): SignalResult {
  states.postEmergencySignal(target, source);
  return posted;
}

function conditionalEmergencySignal(
  signal: Signal,
  states: CpuStates,
  environment: SignalEnvironment,
): SignalResult {
  const takes = environment.takesConditionalEmergency(signal.target, Number(signal.parameter & ASN));
  return takes ? emergencySignal(signal, states) : rejected(SigpStatus.incorrectState);
}

function start({ target }: Signal, states: CpuStates): SignalResult {
  return states.changeState(target, CpuState.stopped, CpuState.operating) ? posted : accepted;
}

function stop(signal: Signal, states: CpuStates): SignalResult {
  return states.state(signal.target) === CpuState.stopped ? accepted : post(signal, states);
}

function setPrefix({ target, order, parameter }: Signal, states: CpuStates, environment: SignalEnvironment) {
  return atAddress(target, order, parameter & PREFIX, PREFIX_SIZE, states, environment);
}

function storeStatusAtAddress(
  { target, order, parameter }: Signal,
  states: CpuStates,
  environment: SignalEnvironment,
): SignalResult {
  return atAddress(target, order, parameter & STATUS_ADDRESS, STATUS_SIZE, states, environment);
}

/** The address is kept with its length characteristic; that and the area's boundary depend on guarded storage. */
function storeAdditionalStatus(
  { target, order, parameter }: Signal,
  states: CpuStates,
  environment: SignalEnvironment,
): SignalResult {
  if (!environment.vector && !environment.guardedStorage) return rejected(SigpStatus.invalidOrder);
  const characteristic = environment.guardedStorage ? Number(parameter & LENGTH_CHARACTERISTIC) : 0;
  const known = characteristic === 0 || (characteristic >= 10 && characteristic <= 12);
  const length = 2 ** (characteristic || 10);
  const address = parameter - BigInt(characteristic);
  if (!known || address % BigInt(length) !== 0n) return rejected(SigpStatus.invalidParameter);
  return atAddress(target, order, address, length, states, environment, parameter);
}

function senseRunningStatus({ target }: Signal, states: CpuStates): SignalResult {
  return states.running(target) ? accepted : rejected(SigpStatus.notRunning);
}

/** An order for a stopped CPU about an area of storage. */
function atAddress(
  target: number,
  order: number,
  address: bigint,
  length: number,
  states: CpuStates,
  environment: SignalEnvironment,
  kept = address,
): SignalResult {
  if (!environment.storageContains(address, length)) return rejected(SigpStatus.invalidParameter);
  if (states.state(target) !== CpuState.stopped) return rejected(SigpStatus.incorrectState);
  states.postOrder(target, order, kept);
  return posted;
}

function post({ target, order }: Signal, states: CpuStates): SignalResult {
  states.postOrder(target, order);
  return posted;
}

function rejected(status: number): SignalResult {
  return { cc: 1, status };
}

/**
 * The service-call logical processor: what SERVICE CALL reaches (QEMU hw/s390x/sclp.c, Linux
 * drivers/s390/char/sclp.c; the external interruption is in Principles of Operation, chapter 6, "Service Signal").
 *
 * A command runs to its end inside {@link Sclp.serviceCall}; the service-signal interruption that completes it
 * carries the address of its block. The SCLP is busy until that interruption is taken.
 */
import {
  absolute,
  PAGE_SIZE,
  type Payload,
  PREFIX_AREA_SIZE,
  ProgramInterruption,
  SCLP_COMMAND_CODE,
  SclpCommand,
  SclpEvent,
  SclpResponse,
  sccbHeader,
} from '@zarch/arch';
import type { GuestStorage } from '@zarch/memory';
import { ControlBlock } from './control-block.ts';
import { type ControlProgram, ControlProgramIdentification } from './control-program-identification.ts';
import { type EventDevice, payloadData } from './event-device.ts';
import { EventFacility } from './event-facility.ts';
import { readCpuInfo, readScpInfo, type SclpMachine } from './scp-info.ts';
import { SignalQuiesce } from './signal-quiesce.ts';
import { StoreData } from './store-data.ts';

/** In the parameter of a service signal: an event is pending. */
const EVENT_PENDING = 1;
const SCCB_ADDRESS = 0x7fff_fff8;
const VERSION = 1;

export interface SclpHost {
  readonly storage: GuestStorage;
  /**
   * Makes a service-signal external interruption (code 0x2401) pending. When one is pending already, the parameters
   * are ORed: at most one of them has the address of a block.
   *
   * @param parameter - The address of the completed block, if any, and 1 when an event is pending.
   */
  raiseServiceSignal(parameter: number): void;
  /**
   * The parameter of the service signal that is pending and not yet taken, or 0. Without this method the SCLP
   * never says that it is busy, and a host must keep the first block's address when a second one completes.
   */
  pendingServiceSignal?(): number;
}

export type ServiceCallResult =
  /** 0: command accepted. 2: busy. */
  { readonly kind: 'cc'; readonly cc: 0 | 2 | 3 } | { readonly kind: 'program'; readonly code: number };

type Command = (block: ControlBlock) => number;

export class Sclp {
  readonly name = 'sclp';
  readonly #host: SclpHost;
  readonly #machine: SclpMachine;
  readonly #events: EventFacility;
  readonly #quiesce = new SignalQuiesce();
  readonly #identification = new ControlProgramIdentification();
  readonly #commands: ReadonlyMap<number, Command>;

  /** @param devices - The consoles, and what else has events. */
  constructor(host: SclpHost, machine: SclpMachine, ...devices: readonly EventDevice[]) {
    this.#host = host;
    this.#machine = machine;
    this.#events = new EventFacility(() => host.raiseServiceSignal(EVENT_PENDING));
    for (const device of [...devices, this.#quiesce, this.#identification, new StoreData()]) {
      this.#events.attach(device);
    }
    this.#commands = new Map<number, Command>([
      [SclpCommand.readScpInfo, (block) => readScpInfo(machine, block)],
      [SclpCommand.readScpInfoForced, (block) => readScpInfo(machine, block)],
      [SclpCommand.readCpuInfo, (block) => readCpuInfo(machine, block)],
      [SclpCommand.writeEventMask, (block) => this.#events.writeEventMask(block)],
      [SclpCommand.writeEventData, (block) => this.#events.writeEventData(block)],
      [SclpCommand.readEventData, (block) => this.#events.readEventData(block)],
    ]);
  }

  /** What the program said it is (control-program identification); undefined before it did. */
  get controlProgram(): ControlProgram | undefined {
    return this.#identification.program;
  }

  /**
   * SERVICE CALL, after the check for the problem state.
   *
   * @param command - Bits 32-63 of general register R1.
   * @param sccb - General register R2: the absolute address of the block.
   * @param prefix - Of the CPU that executes the instruction.
   */
  serviceCall(command: number, sccb: number, prefix: number): ServiceCallResult {
    const { storage } = this.#host;
    const header = storage.view(absolute(sccb), sccbHeader.size);
    if (header === undefined) return program(ProgramInterruption.addressing);
    const area = sccb - (sccb % PREFIX_AREA_SIZE);
    const misplaced = area === 0 || area === prefix || sccb > SCCB_ADDRESS || sccb % 8 !== 0;
    if (misplaced) return program(ProgramInterruption.specification);
    const length = header.u16(sccbHeader.length);
    if (length < sccbHeader.size) return program(ProgramInterruption.specification);
    if (((this.#host.pendingServiceSignal?.() ?? 0) & SCCB_ADDRESS) !== 0) return { kind: 'cc', cc: 2 };

    const code = (command & SCLP_COMMAND_CODE) >>> 0;
    const execute = this.#commands.get(code);
    if (execute === undefined) {
      header.setU16(sccbHeader.responseCode, SclpResponse.invalidCommand);
    } else if ((sccb % PAGE_SIZE) + length > PAGE_SIZE && !this.#mayCrossPages(code)) {
      header.setU16(sccbHeader.responseCode, SclpResponse.boundaryViolation);
    } else {
      const view = storage.view(absolute(sccb), length);
      if (view === undefined) return program(ProgramInterruption.addressing);
      const block = new ControlBlock(view.bytes());
      block.responseCode = execute(block);
      view.setBytes(0, block.bytes);
    }
    this.#host.raiseServiceSignal(sccb + (this.#events.pending ? EVENT_PENDING : 0));
    return { kind: 'cc', cc: 0 };
  }

  /**
   * Asks the program to shut down.
   *
   * @returns False when it does not listen to that event: nothing was sent.
   */
  quiesce(): boolean {
    if (!this.#events.listens(SclpEvent.signalQuiesce)) return false;
    this.#quiesce.request();
    return true;
  }

  /** Adds a device while the program runs; it learns of that by a state-change event. */
  attach(device: EventDevice): void {
    this.#events.attach(device);
  }

  /** Removes a device while the program runs. */
  detach(device: EventDevice): void {
    this.#events.detach(device);
  }

  /** What a subsystem reset does. The host clears the pending service signal. */
  reset(): void {
    this.#events.reset();
  }

  save(): Payload {
    return { name: this.name, version: VERSION, data: { events: this.#events.save() } };
  }

  /** @throws {RangeError} When the state is of another SCLP or other devices. */
  restore(state: Payload): void {
    this.#events.restore(payloadData<{ events: Payload }>(state, this.name, VERSION).events);
  }

  #mayCrossPages(code: number): boolean {
    return (
      this.#machine.extendedLengthSccb &&
      (code === SclpCommand.readScpInfo ||
        code === SclpCommand.readScpInfoForced ||
        code === SclpCommand.readCpuInfo)
    );
  }
}

function program(code: number): ServiceCallResult {
  return { kind: 'program', code };
}

/** What the GDB stub asks of what it debugs. */
import type { DebugSettings } from '@zarch/kvm';

/** A register as the target description has it. */
export interface GdbRegister {
  readonly name: string;
  readonly bits: 32 | 64 | 128;
  /** A type of target descriptions (GDB manual, "Predefined Target Types"), or one that the feature defines. */
  readonly type: string;
  readonly group: string;
}

/** A named set of registers. */
export interface GdbFeature {
  readonly name: string;
  /** Type definitions in XML, before the registers. */
  readonly types?: string;
  readonly registers: readonly GdbRegister[];
}

/** A CPU that is stopped, except between {@link resume} or {@link step} and the stop that the stub is told. */
export interface GdbTarget {
  /** The registers are numbered through all features, in order. */
  readonly features: readonly GdbFeature[];
  /** The target's bytes, big-endian. */
  readRegister(number: number): Uint8Array;
  /** @returns Whether there is such a register and the value is accepted. */
  writeRegister(number: number, value: Uint8Array): boolean;
  /** Reads by logical address: as many bytes as can be read. */
  readMemory(address: bigint, length: number): Uint8Array;
  /** @returns False, with nothing written, when not all of it can be. */
  writeMemory(address: bigint, bytes: Uint8Array): boolean;
  setProgramCounter(address: bigint): void;
  /** Replaces all break- and watchpoints. */
  setStops(stops: DebugSettings): void;
  resume(): void;
  step(): void;
  /** Has a running target stop. */
  interrupt(): void;
  /** Ends the machine. */
  kill(): void;
  /** A `monitor` command: the text to show, or undefined when there is no such command. */
  command(text: string): string | undefined;
}

/** Why `vcpu.run()` came back: one variant for each reason, with what its handler needs. */
import type { DebugEvent } from './debugger.ts';

/** What an instruction interception left to the machine. */
export type InstructionExit =
  /** SERVICE CALL. */
  | { readonly reason: 'service'; readonly command: number; readonly sccb: bigint }
  /** An I/O instruction: its mnemonic, the subsystem-identification word in register 1, its storage operand. */
  | {
      readonly reason: 'io';
      readonly mnemonic: string;
      readonly subsystem: number;
      readonly operand: InterceptedOperand;
    }
  /** DIAGNOSE: function code and register numbers. */
  | { readonly reason: 'diagnose'; readonly code: number; readonly r1: number; readonly r3: number }
  /** STORE SYSTEM INFORMATION: function code and selectors; condition codes are set by the handler. */
  | {
      readonly reason: 'stsi';
      readonly functionCode: number;
      readonly selector1: number;
      readonly selector2: number;
      readonly operand: InterceptedOperand;
    };

/** A storage operand: logical address and access register. */
export interface InterceptedOperand {
  readonly address: bigint;
  readonly ar: number;
}

export type VcpuExit =
  | InstructionExit
  /** An enabled wait; nothing is due for so long, or ever (undefined). */
  | { readonly reason: 'idle'; readonly milliseconds: number | undefined }
  /** The CPU is enabled for an I/O interruption: of one of these subclasses, as in byte 4 of control register 6. */
  | { readonly reason: 'ioInterruption'; readonly subclasses: number }
  /** A wait that no interruption ends. */
  | { readonly reason: 'disabledWait'; readonly psw: GuestPsw }
  /** The CPU entered the stopped state. */
  | { readonly reason: 'stopped' }
  /** Another thread asked for it, see `Vcpu.interrupt`. */
  | { readonly reason: 'interrupted' }
  /** For the debugger. */
  | { readonly reason: 'debug'; readonly event: DebugEvent }
  /** A program interruption that cannot be presented: its new PSW is not valid. */
  | { readonly reason: 'programLoop'; readonly code: number; readonly psw: GuestPsw }
  /** An external interruption whose new PSW is enabled for it again. */
  | { readonly reason: 'externalLoop'; readonly code: number; readonly psw: GuestPsw }
  /** The state description is not valid. */
  | { readonly reason: 'validity'; readonly code: number };

export interface GuestPsw {
  readonly mask: bigint;
  readonly address: bigint;
}

/** A guest's side of the channel subsystem for tests: one enabled subchannel with a fake device, and its instructions. */
import {
  irbField,
  PmcwFlag,
  ProgramInterruption,
  StatusControl,
  schib,
  scsw,
  subsystemId,
} from '@zarch/arch';
import { ChannelSubsystem } from '../channel-subsystem.ts';
import type { ChannelSubsystemOptions } from '../io-configuration.ts';
import type { IoResult } from '../result.ts';
import type { Subchannel } from '../subchannel.ts';
import { ChannelProgramBuilder, type OrbFields } from './channel-program-builder.ts';
import { FakeDevice } from './fake-device.ts';
import { FakeStorage } from './fake-storage.ts';

/** An interruption-response block, read. */
export interface Irb {
  readonly bytes: Uint8Array;
  /** The first word of the status. */
  readonly control: number;
  readonly deferredConditionCode: number;
  readonly functionControl: number;
  readonly activityControl: number;
  readonly statusControl: number;
  readonly programAddress: number;
  readonly deviceStatus: number;
  readonly subchannelStatus: number;
  readonly count: number;
}

export interface GuestOptions extends ChannelSubsystemOptions {
  readonly storageSize?: number;
  /** Flags of the path-management control word, beside the enabled flag. */
  readonly flags?: number;
  /** Its last word. */
  readonly characteristics?: number;
}

export class Guest {
  readonly storage: FakeStorage;
  readonly css: ChannelSubsystem;
  readonly device = new FakeDevice();
  readonly subchannel: Subchannel;
  /** The subsystem-identification word. */
  readonly word = subsystemId.one;

  constructor(options: GuestOptions = {}) {
    this.storage = new FakeStorage(options.storageSize);
    this.css = new ChannelSubsystem({ storage: this.storage.channel, ...options });
    this.subchannel = this.css.attach({ cssid: options.defaultCssid ?? 0, ssid: 0, number: 0 }, this.device);
    this.modify(options.flags ?? 0, options.characteristics ?? 0);
  }

  /** A builder of programs in the storage. */
  program(format: 0 | 1 = 1, start = 0x1000): ChannelProgramBuilder {
    return new ChannelProgramBuilder(this.storage, start, format);
  }

  /** MODIFY SUBCHANNEL, enabling it, with these flags and this last word of the path-management control. */
  modify(flags: number, characteristics = 0, change?: (block: DataView) => void): number {
    const block = new Uint8Array(schib.size);
    const data = new DataView(block.buffer);
    data.setUint16(schib.flags, flags | PmcwFlag.enabled);
    data.setUint8(schib.logicalPathMask, 0xff);
    data.setUint8(schib.pathOperationalMask, 0xff);
    data.setUint32(schib.characteristics, characteristics);
    change?.(data);
    return conditionCodeOf(this.css.msch(this.word, block));
  }

  /** START SUBCHANNEL with a program. @returns The condition code. */
  start(program: ChannelProgramBuilder, fields: OrbFields = {}): number {
    return conditionCodeOf(this.css.ssch(this.word, program.orb(fields)));
  }

  /** TEST SUBCHANNEL. */
  test(): { readonly cc: number; readonly irb: Irb } {
    const result = this.css.tsch(this.word);
    if (result.kind !== 'cc' || result.data === undefined) throw new Error('there is no subchannel');
    return { cc: result.cc, irb: readIrb(result.data) };
  }

  /** Starts a program and takes its status. */
  run(program: ChannelProgramBuilder, fields: OrbFields = {}): Irb {
    const cc = this.start(program, fields);
    if (cc !== 0) throw new Error(`condition code ${cc}`);
    const { cc: pending, irb } = this.test();
    if (pending !== 0) throw new Error('no status is pending');
    return irb;
  }

  /** STORE SUBCHANNEL. */
  schib(): DataView {
    const result = this.css.stsch(this.word);
    if (result.kind !== 'cc' || result.data === undefined) throw new Error('there is no subchannel');
    return new DataView(result.data.buffer);
  }
}

/** The condition code of a result; a program interruption is its negative code. */
export function conditionCodeOf(result: IoResult): number {
  return result.kind === 'cc' ? result.cc : -result.code;
}

/** An operand exception, as {@link conditionCodeOf} has it. */
export const OPERAND_EXCEPTION = -ProgramInterruption.operand;

function readIrb(bytes: Uint8Array): Irb {
  const data = new DataView(bytes.buffer, bytes.byteOffset + irbField.scsw);
  const control = data.getUint32(scsw.control);
  return {
    bytes,
    control,
    deferredConditionCode: (control >>> 24) & 3,
    functionControl: control & 0x7000,
    activityControl: control & 0x0fe0,
    statusControl: control & StatusControl.mask,
    programAddress: data.getUint32(scsw.programAddress),
    deviceStatus: data.getUint8(scsw.deviceStatus),
    subchannelStatus: data.getUint8(scsw.subchannelStatus),
    count: data.getUint16(scsw.count),
  };
}

/**
 * STORE SYSTEM INFORMATION (Principles of Operation, chapter 10): the system-information blocks of basic machine,
 * logical partition and virtual machine.
 */
import { ebcdicField } from '@zarch/sclp';

export interface SystemInformation {
  readonly cpus: number;
  readonly cpuAddress: number;
  /** The virtual machine's name and identifier. */
  readonly name: string;
  readonly uuid: Uint8Array;
  readonly machineType: string;
}

/** Begins with "KVM/", by which Linux knows that the paravirtual interfaces are there. */
const CONTROL_PROGRAM = 'KVM/zarch';
const MANUFACTURER = 'zarch';
const MODEL = '701';
const SEQUENCE = '0000000000000000';
const PLANT = 'zz';
/** The level of the configuration that asks: a virtual machine. */
export const CURRENT_LEVEL = 3;
const SIZE = 4096;

/** The block of a function code and selectors; undefined when there is none (condition code 3). */
export function systemInformation(
  functionCode: number,
  selector1: number,
  selector2: number,
  information: SystemInformation,
): Uint8Array | undefined {
  const block = new Uint8Array(SIZE);
  const view = new DataView(block.buffer);
  const text = (offset: number, value: string, length: number) =>
    block.set(ebcdicField(value, length), offset);
  const { cpus } = information;
  switch (`${functionCode}.${selector1}.${selector2}`) {
    case '1.1.1':
      text(32, MANUFACTURER, 16);
      text(48, information.machineType, 4);
      text(64, MODEL, 16);
      text(80, SEQUENCE, 16);
      text(96, PLANT, 4);
      text(100, MODEL, 16);
      return block;
    case '1.2.1':
      text(80, SEQUENCE, 16);
      text(96, PLANT, 4);
      view.setUint16(100, information.cpuAddress);
      return block;
    case '1.2.2':
      view.setUint8(0, 0);
      view.setUint32(32, 1000);
      view.setUint16(36, cpus);
      view.setUint16(38, cpus);
      return block;
    case '2.2.1':
      text(80, SEQUENCE, 16);
      text(96, PLANT, 4);
      view.setUint16(102, information.cpuAddress);
      return block;
    case '2.2.2':
      view.setUint16(32, 0);
      view.setUint8(35, 0x80); // the logical CPUs are dedicated
      view.setUint16(36, cpus);
      view.setUint16(38, cpus);
      text(44, information.name, 8);
      view.setUint32(52, 1000);
      return block;
    case '3.2.2': {
      view.setUint8(31, 1); // one description block
      const vm = 32;
      view.setUint16(vm + 4, cpus);
      view.setUint16(vm + 6, cpus);
      text(vm + 12, information.name, 8);
      view.setUint32(vm + 20, 1000);
      text(vm + 24, CONTROL_PROGRAM, 16);
      // The name again, in UTF-8, and the UUID.
      const name = new TextEncoder().encode(information.name).subarray(0, 255);
      view.setUint8(vm + 43, 2);
      block.set(information.uuid.subarray(0, 16), vm + 48);
      block.set(name, 2048);
      return block;
    }
    default:
      return undefined;
  }
}

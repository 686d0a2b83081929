/**
 * READ SCP INFO and READ CPU INFO: storage, CPUs and facilities of the configuration, as the CPU model has them.
 *
 * With the extended-length-SCCB facility (facility indication 140) the CPU entries begin later, so that the
 * characteristics of byte 134 have room, and a block may cross pages.
 */
import {
  cpuEntry,
  cpuFeature,
  cpuInfo,
  SclpFacility,
  SclpResponse,
  scpCharacteristic,
  scpInfo,
} from '@zarch/arch';
import type { ControlBlock } from './control-block.ts';
import { ebcdicField } from './ebcdic.ts';

const MIB = 1 << 20;
const LOAD_PARAMETER_LENGTH = 8;

export interface SclpCpu {
  /** CPU (core) address, at most 255. */
  readonly address: number;
  /** {@link CpuType}. */
  readonly type: number;
  /** What the CPU can do for guests of its own; absent when it cannot run any. */
  readonly features?: ReadonlySet<keyof typeof cpuFeature>;
}

/** What the SCLP tells a program about its configuration. */
export interface SclpMachine {
  /** Bytes of storage: whole MiB. */
  readonly memorySize: number;
  /** The configured CPUs, at the time of the call. */
  readonly cpus: () => readonly SclpCpu[];
  /** CPUs that the configuration can have; their addresses are less. */
  readonly maximumCpus: number;
  /** Instruction-blocking control: the lowest machine generation a program can be held to, and the present one. */
  readonly ibc: { readonly lowest: number; readonly unblocked: number };
  /** At most eight characters that code page 500 has. */
  readonly loadParameter: string;
  readonly characteristics: ReadonlySet<keyof typeof scpCharacteristic>;
  /** Facility 140. */
  readonly extendedLengthSccb: boolean;
  /** Power of two that limits host absolute addresses; 0 when unknown. */
  readonly maximumHostAddressPower?: number;
  /** Host measurement facility architecture indications. */
  readonly hmfai?: number;
  /** Nesting levels of CPU topology that STSI reports; 0 without the configuration-topology facility. */
  readonly topologyNesting?: number;
}

/**
 * The instruction-blocking-control value of a machine generation.
 *
 * @param generation - As in the numbering where z9 is 9, z10 10 and z196 11.
 * @param release - Which general availability of that generation, from 1.
 */
export function instructionBlocking(generation: number, release: number): number {
  return generation < 7 ? 0 : ((generation - 7) << 4) + release;
}

/** READ SCP INFO, forced or not. */
export function readScpInfo(machine: SclpMachine, block: ControlBlock): number {
  const entries = machine.extendedLengthSccb ? scpInfo.cpuEntriesExtended : scpInfo.cpuEntries;
  if (tooShort(machine, block, entries)) return SclpResponse.insufficientSccbLength;
  const { data } = block;
  block.bytes.fill(0, 8);

  const increments = machine.memorySize / MIB;
  if (increments <= 0xffff) data.setUint16(scpInfo.incrementCount, increments);
  else data.setBigUint64(scpInfo.incrementCount2, BigInt(increments));
  data.setUint8(scpInfo.incrementSize, 1);

  const cpus = machine.cpus();
  data.setUint8(scpInfo.topologyNesting, machine.topologyNesting ?? 0);
  data.setUint16(scpInfo.cpuCount, cpus.length);
  data.setUint16(scpInfo.cpuOffset, entries);
  data.setUint16(scpInfo.highestCpuAddress, machine.maximumCpus - 1);
  block.bytes.set(ebcdicField(machine.loadParameter, LOAD_PARAMETER_LENGTH), scpInfo.loadParameter);
  data.setBigUint64(scpInfo.facilities, SclpFacility.cpuInfo);
  const { lowest, unblocked } = machine.ibc;
  data.setUint32(scpInfo.ibc, Math.min(lowest || unblocked, unblocked) * 0x10000 + unblocked);
  data.setUint8(scpInfo.maximumHostAddressPower, machine.maximumHostAddressPower ?? 0);
  data.setUint32(scpInfo.hmfai, machine.hmfai ?? 0);
  for (const name of machine.characteristics) {
    const [byte, mask] = scpCharacteristic[name];
    if (byte < entries) setBits(block.bytes, byte, mask);
  }
  writeCpuEntries(cpus, block.bytes.subarray(entries));
  return SclpResponse.normalReadCompletion;
}

/** READ CPU INFO. There are no standby CPUs. */
export function readCpuInfo(machine: SclpMachine, block: ControlBlock): number {
  if (tooShort(machine, block, cpuInfo.entries)) return SclpResponse.insufficientSccbLength;
  const cpus = machine.cpus();
  block.bytes.fill(0, 8);
  block.data.setUint16(cpuInfo.configuredCount, cpus.length);
  block.data.setUint16(cpuInfo.configuredOffset, cpuInfo.entries);
  block.data.setUint16(cpuInfo.standbyCount, 0);
  block.data.setUint16(cpuInfo.standbyOffset, cpuInfo.entries + cpus.length * cpuEntry.size);
  writeCpuEntries(cpus, block.bytes.subarray(cpuInfo.entries));
  return SclpResponse.normalReadCompletion;
}

/** Whether the CPU entries may not fit; says then how long the block has to be, if the program can take that. */
function tooShort(machine: SclpMachine, block: ControlBlock, entries: number): boolean {
  const required = entries + machine.maximumCpus * cpuEntry.size;
  if (block.room >= required) return false;
  if (machine.extendedLengthSccb && block.variableLengthResponse) block.length = required;
  return true;
}

function writeCpuEntries(cpus: readonly SclpCpu[], bytes: Uint8Array): void {
  cpus.forEach((cpu, index) => {
    const entry = bytes.subarray(index * cpuEntry.size, (index + 1) * cpuEntry.size);
    entry[cpuEntry.address] = cpu.address;
    entry[cpuEntry.type] = cpu.type;
    for (const name of cpu.features ?? []) {
      const [byte, mask] = cpuFeature[name];
      setBits(entry, byte, mask);
    }
  });
}

function setBits(bytes: Uint8Array, at: number, mask: number): void {
  bytes[at] = (bytes[at] ?? 0) | mask;
}

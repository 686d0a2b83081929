/** ELF64 programs for s390x, so that tests need no compiler (System V ABI, chapter 4). */
import { assembleProgram } from '@zarch/isa';

const ELF_HEADER = 64;
const PROGRAM_HEADER = 56;
const MACHINE_S390 = 22;

/** A file of which all is code, loaded at `origin` and started at its first byte. */
export function elfFile(code: Uint8Array, origin: bigint): Uint8Array {
  const file = new Uint8Array(ELF_HEADER + PROGRAM_HEADER + code.length);
  const view = new DataView(file.buffer);
  // Magic; 64 bits, big-endian, version 1.
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 2, 1]);
  view.setUint16(16, 2); // executable
  view.setUint16(18, MACHINE_S390);
  view.setUint32(20, 1);
  view.setBigUint64(24, origin);
  view.setBigUint64(32, BigInt(ELF_HEADER));
  view.setUint16(52, ELF_HEADER);
  view.setUint16(54, PROGRAM_HEADER);
  view.setUint16(56, 1);
  const header = ELF_HEADER;
  view.setUint32(header, 1); // loaded
  view.setUint32(header + 4, 7);
  view.setBigUint64(header + 8, BigInt(ELF_HEADER + PROGRAM_HEADER));
  view.setBigUint64(header + 16, origin);
  view.setBigUint64(header + 24, origin);
  view.setBigUint64(header + 32, BigInt(code.length));
  view.setBigUint64(header + 40, BigInt(code.length));
  file.set(code, ELF_HEADER + PROGRAM_HEADER);
  return file;
}

/** The same of assembly text. */
export function elfProgram(source: string, origin = 0x1_0000n): Uint8Array {
  const assembled = assembleProgram(source, { origin });
  if (!assembled.ok) throw new Error(JSON.stringify(assembled.errors));
  return elfFile(assembled.bytes, origin);
}

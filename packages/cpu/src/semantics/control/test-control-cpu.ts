/** A CPU for tests of control instructions: with operands in storage, storage keys, and two address spaces. */
import { absolute, CR0, PSW } from '@zarch/arch';
import { mmuLayout } from '@zarch/memory';
import { TestCpu } from '../../test-cpu.ts';

/** Where operands are. */
export const DATA = 0x2_0000n;
export const OTHER = 0x3_0000n;
export const SEGMENT_TABLE = 0x8_0000n;
export const PAGE_TABLE = 0x8_4000n;
/** The secondary space's. */
export const SECOND_TABLE = 0x8_8000n;
const SECOND_PAGES = 0x8_c000n;
export const MODE = PSW.extendedAddressing | PSW.basicAddressing;
/** The code of the exception in which a program ends that meets no other. */
export const OPERATION = 1;

const bytesOf = (value: bigint): number[] =>
  Array.from({ length: 8 }, (_, i) => Number((BigInt.asUintN(64, value) >> BigInt(56 - 8 * i)) & 0xffn));

/** A {@link TestCpu} with {@link DATA} in register 10 and {@link OTHER} in register 11. */
export class TestControlCpu extends TestCpu {
  /** The host storage. */
  readonly view = new DataView(this.host.memory.buffer);

  constructor() {
    super();
    this.setGr(10, DATA);
    this.setGr(11, OTHER);
  }

  get psw(): bigint {
    return this.view.getBigUint64(this.cpu + mmuLayout.pswMask, true);
  }
  /** Where the state description is in the host storage. */
  get description(): number {
    return this.word(mmuLayout.stateDescription) >>> 0;
  }
  /** Sets a 64-bit field of the block. */
  setDoubleword(offset: number, value: bigint): void {
    this.view.setBigUint64(this.cpu + offset, value, true);
  }
  /** The doubleword at an absolute address. */
  get(address: bigint): bigint {
    const bytes = this.bytes(address, 8);
    return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  }
  /** Stores doublewords at an absolute address. */
  put(address: bigint, ...values: readonly bigint[]): void {
    this.setBytes(address, values.flatMap(bytesOf));
  }
  key(address: bigint): number | undefined {
    return this.storage.key(absolute(Number(address)));
  }
  setKey(address: bigint, value: number): void {
    this.storage.setKey(absolute(Number(address)), value);
  }

  /** Maps the first MiB onto itself in the primary space, and in the secondary one but for DATA, which is OTHER. */
  translate(mask = 0n, cr0 = CR0.secondarySpace): void {
    for (const [table, pages] of [
      [SEGMENT_TABLE, PAGE_TABLE],
      [SECOND_TABLE, SECOND_PAGES],
    ] as const) {
      for (let i = 0n; i < 2048n; i++) this.put(table + 8n * i, 0x20n);
      this.put(table, pages);
      for (let i = 0n; i < 256n; i++) this.put(pages + 8n * i, i << 12n);
    }
    this.put(SECOND_PAGES + 8n * (DATA >> 12n), OTHER);
    this.setControl(0, cr0);
    this.setControl(1, SEGMENT_TABLE | 3n);
    this.setControl(7, SECOND_TABLE | 3n);
    this.setPsw(MODE | PSW.dat | mask);
  }
}

/** CPU models as the user names them, and the facilities that zarch offers with each. */
import type { CpuModel } from '@zarch/kvm';

/**
 * Facilities that work completely, by STFLE bit, and the first machine generation that has each.
 * Not here, since they do not work yet: message-security assist, decimal and hexadecimal floating point, vectors,
 * transactions, run-time instrumentation, CPU measurement, topology, zPCI, guarded storage.
 */
const implemented: readonly number[] = [
  ...[0, 1, 2, 3, 4, 7, 8, 9, 10, 13, 14, 16, 18, 19, 21, 22, 24, 25, 26, 27, 28],
  ...[30, 31, 32, 33, 34, 35, 40, 41, 45, 49, 51, 52, 53, 58, 75, 78, 130, 131, 138],
];

/** The model a machine has when the user names none. */
export const DEFAULT_MODEL = 'z14';

/**
 * Its binary instructions work, and compilers use them from z196 on; but its bit implies decimal floating point, which
 * does not work yet.
 */
const FLOATING_POINT_EXTENSION = 37;

/** Machine type 3906 is a z14; generation 14 in the numbering of the instruction-blocking control. */
const Z14: CpuModel = {
  cpuId: 0x0000_0000_3906_8000n,
  facilities: new Set(implemented),
  unannounced: new Set([FLOATING_POINT_EXTENSION]),
  ibc: ((14 - 7) << 4) + 1,
};

const models: ReadonlyMap<string, CpuModel> = new Map([
  [DEFAULT_MODEL, Z14],
  ['max', Z14],
  ['qemu', Z14],
  ['host', Z14],
]);

/** The model of a name; undefined for a name that is none. */
export function cpuModel(name: string): CpuModel | undefined {
  return models.get(name);
}

export function cpuModelNames(): readonly string[] {
  return [...models.keys()];
}

/** What the CPU module of a VM gets from outside. */
import type { CpuImports } from '@zarch/cpu';
import { controlRegister, mmuLayout, translateAccessRegister } from '@zarch/memory';
import type { Vm } from './vm.ts';

/** @param clock - The host's clock in TOD-clock units, never going back. */
export function cpuImports(vm: Vm, clock: () => bigint): CpuImports {
  const data = new DataView(vm.host.memory.buffer);
  return {
    clock,
    translateAccessRegister: (cpu, register) => {
      const description = data.getUint32(cpu + mmuLayout.stateDescription, true);
      const alet = data.getUint32(cpu + mmuLayout.accessRegisters + 4 * register, true);
      const [asce, code] = translateAccessRegister(
        {
          storage: vm.storage,
          prefix: data.getUint32(cpu + mmuLayout.prefix, true),
          control: (number) => data.getBigUint64(description + controlRegister(number), true),
        },
        alet,
      );
      return [BigInt.asIntN(64, asce), code];
    },
  };
}

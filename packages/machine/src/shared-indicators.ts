/** Indicators in guest storage that CPUs of other threads clear: bits are set by interlocked update. */
import { absolute } from '@zarch/arch';
import type { IndicatorStorage } from '@zarch/css';
import type { Vm } from '@zarch/kvm';

export function sharedIndicators({ host, storage }: Vm): IndicatorStorage {
  const bytes = new Uint8Array(host.memory.buffer);
  return {
    setBits: (address, bits) => {
      const at = absolute(address);
      if (storage.view(at, 1) === undefined) return undefined;
      const before = Atomics.or(bytes, host.top - 1 - at, bits);
      storage.codeFrames.written(at, 1);
      return before;
    },
  };
}

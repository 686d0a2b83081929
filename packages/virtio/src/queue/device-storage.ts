/** Storage as devices use it: control blocks through views, and data in bulk, for which a machine may know a quicker way. */
import type { AbsoluteAddress } from '@zarch/arch';
import type { GuestStorage } from '@zarch/memory';

export interface DeviceStorage extends GuestStorage {
  /** Fills `target` with the bytes from `address` on, all inside the storage. */
  read?(address: AbsoluteAddress, target: Uint8Array): void;
  /** Stores bytes from `address` on, all inside the storage. */
  write?(address: AbsoluteAddress, source: Uint8Array): void;
}

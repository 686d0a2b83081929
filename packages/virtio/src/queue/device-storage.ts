/** Storage as devices use it: control blocks through views, and data in bulk, for which a machine may know a quicker way. */
import type { AbsoluteAddress } from '@zarch/arch';
import type { GuestStorage } from '@zarch/memory';

export interface DeviceStorage extends GuestStorage {
  /**
   * A buffer for a device to keep, which {@link read} and {@link write} are quickest with; undefined where there is none
   * left. Its bytes are any.
   */
  buffer?(size: number): Uint8Array | undefined;
  /** Fills `count` bytes of `target`, from `at` on, with those from `address` on, all inside the storage. */
  read?(address: AbsoluteAddress, target: Uint8Array, at: number, count: number): void;
  /** Stores `count` bytes of `source`, from `at` on, at `address` and after it, all inside the storage. */
  write?(address: AbsoluteAddress, source: Uint8Array, at: number, count: number): void;
}

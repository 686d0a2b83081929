/** For tests of virtio devices and transports: a guest's storage and driver, and backends in memory. */
export type {
  DriverBuffer,
  DriverRing,
  DriverRingOptions,
  RawDescriptor,
  UsedElement,
} from './testing/driver-ring.ts';
export { EchoDevice } from './testing/echo-device.ts';
export { type FuzzOptions, fuzzDevices } from './testing/fuzz.ts';
export { fuzzNineP } from './testing/fuzz-ninep.ts';
export {
  type Answer,
  concat,
  DriverQueue,
  GuestDriver,
  type GuestDriverOptions,
  type RingForm,
  ringForms,
} from './testing/guest-driver.ts';
export { GuestMemory } from './testing/guest-memory.ts';
export { MemoryDisk, type MemoryDiskOptions } from './testing/memory-disk.ts';
export { MemoryFileSystem } from './testing/memory-file-system.ts';
export { TestNetwork } from './testing/memory-network.ts';
export { NinePClient, type NinePReply, type NinePTransport } from './testing/ninep-client.ts';
export { PackedDriverRing } from './testing/packed-driver-ring.ts';
export { SplitDriverRing } from './testing/split-driver-ring.ts';

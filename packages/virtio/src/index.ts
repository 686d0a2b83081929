export { type BalloonBackend, BalloonDevice, type BalloonDeviceOptions } from './balloon/balloon-device.ts';
export { BalloonFeature, StatisticTag } from './balloon/balloon-layout.ts';
export type { BlockBackend, ImmediateAccess } from './block/block-backend.ts';
export { BlockDevice, type BlockDeviceOptions } from './block/block-device.ts';
export { BlockFeature } from './block/block-layout.ts';
export { type ByteOrder, bigEndian, littleEndian } from './byte-order.ts';
export { ConsoleDevice, type ConsoleDeviceOptions, type ConsoleSize } from './console/console-device.ts';
export { ConsoleFeature } from './console/console-layout.ts';
export type { ConsolePort, ConsolePortOptions } from './console/console-port.ts';
export { BackendRequests } from './device/backend-requests.ts';
export {
  type DeviceHost,
  type DeviceModel,
  type FeatureDependency,
  payloadData,
  type VirtioTransport,
} from './device/device-model.ts';
export { DeviceStatus, DeviceType, Feature, features, hasFeature } from './device/feature.ts';
export { VirtioDevice, type VirtioDeviceOptions } from './device/virtio-device.ts';
export {
  EntropyDevice,
  type EntropyDeviceOptions,
  type EntropyRate,
  type EntropySource,
} from './entropy/entropy-device.ts';
export type { FrameReceiver, LargeSegments, NetBackend } from './net/net-backend.ts';
export { NetDevice, type NetDeviceOptions } from './net/net-device.ts';
export { NetFeature } from './net/net-layout.ts';
export { Errno, isError, type Outcome } from './ninep/errno.ts';
export type {
  AttributeChanges,
  CreateMode,
  DirectoryEntry,
  FileAttributes,
  FileKind,
  FileSystem,
  FileSystemStatistics,
  OpenFile,
  OpenMode,
  Path,
} from './ninep/file-system.ts';
export { NinePDevice, type NinePDeviceOptions } from './ninep/ninep-device.ts';
export { NinePServer, type NinePServerOptions } from './ninep/server.ts';
export { type DescriptorChain, MAXIMUM_CHAIN, type SavedChain } from './queue/descriptor-chain.ts';
export type { DeviceStorage } from './queue/device-storage.ts';
export type { RingAreas, UsedBuffer } from './queue/ring.ts';
export { legacyLayout, MAXIMUM_QUEUE_SIZE, splitSizes } from './queue/ring-layout.ts';
export { Segments } from './queue/segments.ts';
export { type RingFeatures, type SavedVirtqueue, Virtqueue, type VirtqueueHost } from './queue/virtqueue.ts';
export type { VsockConnection, VsockHandlers } from './vsock/vsock-connection.ts';
export { type VsockBackend, VsockDevice, type VsockDeviceOptions } from './vsock/vsock-device.ts';

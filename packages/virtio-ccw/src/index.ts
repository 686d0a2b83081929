export type { AdapterRegistry } from './indicators.ts';
export { VirtioCcwDevice, type VirtioCcwOptions } from './virtio-ccw-device.ts';
export { VIRTIO_CCW_CONTROL_UNIT, VirtioCcwCommand } from './virtio-ccw-layout.ts';

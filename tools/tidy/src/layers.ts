/** The layers, from the vocabulary up: a package may import only packages that come before it. */
export const layers = [
  'arch',
  'isa',
  'wasm',
  'memory',
  'sigp',
  'cpu',
  'kvm',
  'css',
  'sclp',
  'zpci',
  'virtio',
  'virtio-ccw',
  'virtio-pci',
  'usernet',
  'machine',
  'session',
] as const;

/** A guest's driver of a virtio device on the channel subsystem, for tests of what uses this package. */
export { CcwDriver, type CcwDriverOptions, type CommandEnd } from './testing/ccw-driver.ts';
export { fuzzCcwCommands } from './testing/fuzz.ts';

/** A guest's driver, a device with every kind of command, and a storage, for tests of what uses this package. */
export {
  type CcwFields,
  ChannelProgramBuilder,
  encodeCcw,
  encodeOrb,
  type MidawFields,
  type OrbFields,
} from './testing/channel-program-builder.ts';
export { FakeCommand, FakeDevice, fakeCommands } from './testing/fake-device.ts';
export { FakeStorage } from './testing/fake-storage.ts';
export { type FuzzResult, fuzzChannelPrograms } from './testing/fuzz.ts';
export { conditionCodeOf, Guest, type GuestOptions, type Irb, OPERAND_EXCEPTION } from './testing/guest.ts';

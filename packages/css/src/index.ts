export {
  Adapter,
  AdapterInterruptions,
  type AdapterOptions,
  type Indicator,
  type IndicatorStorage,
  indicatorStorage,
  type SuppressionMode,
  setIndicator,
} from './adapter-interruptions.ts';
export type { CommandKind } from './channel-command-word.ts';
export {
  type AdapterDeviceControls,
  type ChannelCommand,
  type ChannelDevice,
  type CommandData,
  type CommandEnding,
  type CommandInformation,
  commandEnd,
  type SenseId,
  type StatusLine,
  senseIdData,
  unitCheck,
} from './channel-device.ts';
export type { ChannelEvent } from './channel-events.ts';
export type { ChannelMonitor } from './channel-measurement.ts';
export { ChannelPath, type ChannelPathDescription } from './channel-paths.ts';
export { type ChannelStorage, KeyedStorage, type StorageCheck, type StorageKeys } from './channel-storage.ts';
export { ChannelSubsystem, type ChscResult } from './channel-subsystem.ts';
export type { ChannelMeasurement } from './chsc/command.ts';
export type { AttachOptions, ChannelSubsystemOptions } from './io-configuration.ts';
export {
  type InterruptionSource,
  IoInterruptions,
  type PendingCells,
  type SubclassCell,
  subclassBit,
} from './io-interruptions.ts';
export type { ConditionCode, IoControlResult, IoResult } from './result.ts';
export { Subchannel } from './subchannel.ts';
export type { SubchannelAddress } from './subsystem-identification.ts';

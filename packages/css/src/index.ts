export {
  type ChannelMonitor,
  ChannelSubsystem,
  type ChannelSubsystemOptions,
  type ChscResult,
} from './channel-subsystem.ts';
export type { ConditionCode, IoControlResult, IoResult } from './result.ts';
export type { Subchannel } from './subchannel.ts';
export type { SubchannelAddress } from './subsystem-identification.ts';

/** Channel reports as the channel subsystem makes them (Principles of Operation, chapter 17, "Channel Report"). */
import { Crw, CrwRecovery, CrwSource, channelReportWord } from '@zarch/arch';
import type { ChannelPath } from './channel-paths.ts';
import type { EnabledFacilities, SubchannelAddress } from './subsystem-identification.ts';

/** A subchannel has become available, or a device is there or gone. */
export function subchannelReport(address: SubchannelAddress, enabled: EnabledFacilities): readonly number[] {
  const { cssid, ssid, number } = address;
  const { installedParametersInitialized: recovery } = CrwRecovery;
  // A second word says in which set, to programs that know more than one.
  const extended = enabled.multipleChannelSubsystems || enabled.multipleSubchannelSets;
  const first = channelReportWord(extended ? Crw.chained : 0, CrwSource.subchannel, recovery, number);
  if (!extended) return [first];
  const where = ((enabled.multipleChannelSubsystems ? cssid : 0) << 8) | (ssid << 4);
  return [first, channelReportWord(0, CrwSource.subchannel, recovery, where)];
}

/** The state of a channel path has changed. @param flags - `Crw.solicited` when an instruction asked for it. */
export function channelPathReport(
  path: ChannelPath,
  recovery: number,
  enabled: EnabledFacilities,
  flags = 0,
): readonly number[] {
  const extended = enabled.multipleChannelSubsystems;
  const chained = extended ? flags | Crw.chained : flags;
  const first = channelReportWord(chained, CrwSource.channelPath, recovery, path.chpid);
  if (!extended) return [first];
  return [first, channelReportWord(flags, CrwSource.channelPath, recovery, path.cssid << 8)];
}

/** Events wait for STORE EVENT INFORMATION. */
export function eventReport(): readonly number[] {
  return [channelReportWord(0, CrwSource.channelSubsystem, CrwRecovery.eventPending, 0)];
}

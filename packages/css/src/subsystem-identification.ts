/**
 * Which subchannel an instruction means (Principles of Operation, chapter 14, "Subsystem-Identification Word").
 *
 * The channel-subsystem and subchannel-set fields may be used only after CHANNEL SUBSYSTEM CALL has enabled the
 * facilities they belong to.
 */
import { subsystemId } from '@zarch/arch';

export interface SubchannelAddress {
  readonly cssid: number;
  readonly ssid: number;
  readonly number: number;
}

/** What CHANNEL SUBSYSTEM CALL has enabled. */
export interface EnabledFacilities {
  readonly multipleChannelSubsystems: boolean;
  readonly multipleSubchannelSets: boolean;
}

/**
 * Reads the word.
 *
 * @param word - Bits 32-63 of general register 1.
 * @param defaultCssid - The channel subsystem of a word that names none.
 * @returns Undefined for a word that causes an operand exception.
 */
export function subchannelAddress(
  word: number,
  enabled: EnabledFacilities,
  defaultCssid: number,
): SubchannelAddress | undefined {
  if ((word & subsystemId.one) === 0 || (word & subsystemId.reserved) !== 0) return undefined;
  const cssid = (word & subsystemId.cssid.mask) >>> subsystemId.cssid.shift;
  const named = (word & subsystemId.m) !== 0;
  if (named ? !enabled.multipleChannelSubsystems : cssid !== 0) return undefined;
  const ssid = (word & subsystemId.ssid.mask) >>> subsystemId.ssid.shift;
  if (ssid !== 0 && !enabled.multipleSubchannelSets) return undefined;
  return { cssid: named ? cssid : defaultCssid, ssid, number: word & subsystemId.number };
}

/** The word that names a subchannel, whatever is enabled: a number for each. */
export function subchannelId({ cssid, ssid, number }: SubchannelAddress): number {
  return ((cssid << 24) | (ssid << subsystemId.ssid.shift) | subsystemId.one | number) >>> 0;
}

/** The word by which a program with these facilities names a subchannel. */
export function subsystemIdentification(address: SubchannelAddress, enabled: EnabledFacilities): number {
  const id = subchannelId(address);
  if (enabled.multipleChannelSubsystems) return (id | subsystemId.m) >>> 0;
  return id & ~subsystemId.cssid.mask;
}

/** The subchannel of a {@link subchannelId}. */
export function subchannelOfId(id: number): SubchannelAddress {
  return {
    cssid: (id & subsystemId.cssid.mask) >>> subsystemId.cssid.shift,
    ssid: (id & subsystemId.ssid.mask) >>> subsystemId.ssid.shift,
    number: id & subsystemId.number,
  };
}

/** What the commands of CHANNEL SUBSYSTEM CALL have in common: requests, responses, and what they see and change. */
import type { ChannelEvents } from '../channel-events.ts';
import type { ChannelPath } from '../channel-paths.ts';
import type { Subchannel } from '../subchannel.ts';

/** Where SET CHANNEL MEASUREMENT wants utilization blocks. */
export interface ChannelMeasurement {
  readonly key: number;
  /** Absolute addresses of the pages for channel paths 0 to 127 and 128 to 255. */
  readonly blocks: readonly [bigint, bigint];
}

/** What the commands see and change. */
export interface ChscTarget {
  /** The channel subsystem of requests that name none. */
  readonly defaultCssid: number;
  /** Whether there is a channel subsystem of that identification. */
  present(cssid: number): boolean;
  enableMultipleChannelSubsystems(): void;
  enableMultipleSubchannelSets(): void;
  readonly multipleSubchannelSets: boolean;
  channelPaths(cssid: number, first: number, last: number): readonly ChannelPath[];
  /** The subchannel that a set has at a number. */
  subchannel(ssid: number, number: number): Subchannel | undefined;
  /** The highest subchannel number of a set; -1 when it is empty. */
  lastSubchannel(ssid: number): number;
  /** The subchannel that a subsystem-identification word names. */
  named(word: number): Subchannel | undefined;
  /** Whether a device has adapter interruptions. */
  readonly adapterDevices: boolean;
  readonly events: ChannelEvents;
  /** Undefined while measurement is off. */
  measurement: ChannelMeasurement | undefined;
}

/** A response: its code, and what follows its header. */
export interface Response {
  readonly code: number;
  /** The second word of the header. */
  readonly parameter?: number;
  readonly data?: Uint8Array;
}

export type Command = (request: DataView, target: ChscTarget) => Response;

/** The length of most requests. */
export const SHORT_REQUEST = 0x10;

/** Whether a request may name that channel subsystem. */
export function mayName(cssid: number, named: boolean, target: ChscTarget): boolean {
  return cssid === 0 || (named && target.present(cssid));
}

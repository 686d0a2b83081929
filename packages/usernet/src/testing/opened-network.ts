/** A network between a guest and a host that are tests, with a clock of its own. */

import { Random } from '@zarch/arch/testing';
import type { UserNetworkOptions } from '../configuration.ts';
import { checksum } from '../ip/checksum.ts';
import { UserNetwork } from '../user-network.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeSockets } from './fake-sockets.ts';
import { GuestStack } from './guest-stack.ts';

export interface TestNetwork {
  readonly clock: FakeClock;
  readonly sockets: FakeSockets;
  readonly guest: GuestStack;
  readonly network: UserNetwork;
  /** Bytes of the large segments that the guest got, each with the size of those it stands for. */
  readonly large: (readonly [length: number, segment: number])[];
}

/**
 * @param loses - Whether the guest has no buffer for a frame.
 * @param takesLarge - Whether the guest takes large TCP segments.
 * @throws {Error} When options make no sense.
 */
export async function openTestNetwork(
  options: UserNetworkOptions = {},
  loses: (frame: Uint8Array) => boolean = () => false,
  takesLarge = false,
): Promise<TestNetwork> {
  const clock = new FakeClock();
  const sockets = new FakeSockets(clock);
  const random = new Random(1);
  const guest: GuestStack = new GuestStack((frame) => clock.after(0, () => network.receive(frame)));
  const large: (readonly [number, number])[] = [];
  const transmit = (frame: Uint8Array, segment?: number) => {
    if (loses(frame)) return;
    if (segment !== undefined) {
      completeTcp(frame);
      large.push([frame.length, segment]);
    }
    clock.after(0, () => guest.receive(frame));
  };
  const host = { sockets, timers: clock, random: () => random.below(2 ** 32), transmit };
  const opened = await UserNetwork.open(options, host);
  if (typeof opened === 'string') throw new Error(opened);
  const network = opened;
  network.largeSegments = { 4: takesLarge, 6: takesLarge };
  return { clock, sockets, guest, network, large };
}

/** What a network device does with a large segment: its checksum field has the pseudo header's sum. */
function completeTcp(frame: Uint8Array): void {
  const segment = frame.subarray(frame[12] === 0x08 ? 34 : 54);
  new DataView(segment.buffer, segment.byteOffset).setUint16(16, checksum(segment));
}

/** A network between a guest and a host that are tests, with a clock of its own. */

import { Random } from '@zarch/arch/testing';
import type { UserNetworkOptions } from '../configuration.ts';
import { UserNetwork } from '../user-network.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeSockets } from './fake-sockets.ts';
import { GuestStack } from './guest-stack.ts';

export interface TestNetwork {
  readonly clock: FakeClock;
  readonly sockets: FakeSockets;
  readonly guest: GuestStack;
  readonly network: UserNetwork;
}

/**
 * @param loses - Whether the guest has no buffer for a frame.
 * @throws {Error} When options make no sense.
 */
export async function openTestNetwork(
  options: UserNetworkOptions = {},
  loses: (frame: Uint8Array) => boolean = () => false,
): Promise<TestNetwork> {
  const clock = new FakeClock();
  const sockets = new FakeSockets(clock);
  const random = new Random(1);
  const guest: GuestStack = new GuestStack((frame) => clock.after(0, () => network.receive(frame)));
  const transmit = (frame: Uint8Array) => {
    if (!loses(frame)) clock.after(0, () => guest.receive(frame));
  };
  const host = { sockets, timers: clock, random: () => random.below(2 ** 32), transmit };
  const opened = await UserNetwork.open(options, host);
  if (typeof opened === 'string') throw new Error(opened);
  const network = opened;
  return { clock, sockets, guest, network };
}

/** User-mode networking with the sockets, the clock and the name servers of the host. */
import { getServers } from 'node:dns';
import { performance } from 'node:perf_hooks';
import { type Endpoint, parseIpAddress, type Timers, UserNetwork } from '@zarch/usernet';
import type { FrameReceiver, LargeSegments, NetBackend } from '@zarch/virtio';
import { CommandError } from '../command-error.ts';
import { bindUdp, openUdp } from './host-datagrams.ts';
import { connectTcp, listenTcp } from './host-streams.ts';
import type { NetworkOptions } from './network.ts';
import { ReceiveQueue } from './receive-queue.ts';

const DNS_PORT = 53;

const timers: Timers = {
  now: () => performance.now(),
  after: (milliseconds, action) => {
    const timer = setTimeout(action, milliseconds).unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

export class UserModeNetwork implements NetBackend {
  readonly #network: UserNetwork;
  readonly #received: ReceiveQueue;

  private constructor(network: UserNetwork, received: ReceiveQueue) {
    this.#network = network;
    this.#received = received;
  }

  /** @throws {CommandError} When a forwarded port cannot be had. */
  static async open({ user, option }: NetworkOptions & { readonly kind: 'user' }): Promise<UserModeNetwork> {
    const received = new ReceiveQueue(true);
    const resolvers = getServers().flatMap((server) => resolverOf(server) ?? []);
    const opened = await UserNetwork.open(
      { ...user, resolvers },
      {
        sockets: { connectTcp, listenTcp, openUdp, bindUdp },
        timers,
        random: () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
        transmit: (frame, segment) => received.push(frame, segment),
      },
    );
    if (typeof opened === 'string')
      throw new CommandError(`${option}: could not set up host forwarding: ${opened}`);
    return new UserModeNetwork(opened, received);
  }

  /** Where the forwarded ports are, in the order of the options. */
  get forwards(): readonly Endpoint[] {
    return this.#network.forwards;
  }

  send(frame: Uint8Array): void {
    this.#network.receive(frame);
  }

  onFrame(receive: FrameReceiver): void {
    this.#received.connect(receive);
  }

  onRoom(): void {
    queueMicrotask(() => this.#received.drain());
  }

  onLargeSegments(taken: LargeSegments): void {
    this.#network.largeSegments = taken;
  }

  async close(): Promise<void> {
    this.#network.close();
  }
}

/** A name server as Node writes it: an address, or one with a port. */
export function resolverOf(text: string): Endpoint | undefined {
  const whole = parseIpAddress(text);
  if (whole !== undefined) return { address: whole, port: DNS_PORT };
  const match = /^\[?([^[\]]+)\]?:(\d+)$/.exec(text);
  const address = parseIpAddress(match?.[1] ?? '');
  return address === undefined ? undefined : { address, port: Number(match?.[2]) };
}

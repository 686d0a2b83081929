/** What the network needs of its host: sockets, time and chance. A program supplies them; tests have their own. */
import type { Endpoint, IpFamily } from './address.ts';

export interface UserNetworkHost {
  readonly sockets: HostNetwork;
  readonly timers: Timers;
  /** 32 random bits, which nobody can foretell. */
  random(): number;
  /**
   * Takes a frame for the guest. It may lose it.
   *
   * @param segment - Set for a large TCP segment, after `UserNetwork.largeSegments` allowed them: bytes of data in each of
   *   those it stands for. Its checksum field has the sum of the pseudo header only.
   */
  transmit(frame: Uint8Array, segment?: number): void;
}

export interface Timers {
  /** Milliseconds since any point in time; never less than before. */
  now(): number;
  after(milliseconds: number, action: () => void): Timer;
}

export interface Timer {
  cancel(): void;
}

export interface HostNetwork {
  /** Begins to connect; what comes of it is told by `events`, never before the call returns. */
  connectTcp(to: Endpoint, events: HostStreamEvents): HostStream;
  /**
   * Listens, until closed.
   *
   * @param accept - Is called with each connection, and says where its events go; undefined refuses it.
   * @returns An error's text when the address cannot be used.
   */
  listenTcp(
    at: Endpoint,
    accept: (stream: HostStream, peer: Endpoint) => HostStreamEvents | undefined,
  ): Promise<Listening | string>;
  /** A socket for datagrams, on an address of the host's choice. */
  openUdp(family: IpFamily, events: HostDatagramEvents): HostDatagrams;
  /** The same on a given address. @returns An error's text when it cannot be used. */
  bindUdp(at: Endpoint, events: HostDatagramEvents): Promise<(HostDatagrams & Listening) | string>;
}

export interface Listening {
  /** Where it listens: the port that the host chose, if it did. */
  readonly local: Endpoint;
  close(): void;
}

/** One end of a TCP connection of the host. */
export interface HostStream {
  /** Bytes for the peer, in order. Each of them is reported by `onWritten` once it has left. */
  write(bytes: Uint8Array): void;
  /** Nothing more will be written; data from the peer still come. */
  end(): void;
  /** Breaks the connection off. No event comes after this but `onClose`. */
  reset(): void;
  /** No `onData` from now on, or again. */
  pause(): void;
  resume(): void;
}

export type HostFailure = 'refused' | 'unreachable' | 'reset';

export interface HostStreamEvents {
  /** The connection stands; not for accepted ones. */
  readonly onConnect: () => void;
  /** The bytes are the receiver's. */
  readonly onData: (bytes: Uint8Array) => void;
  readonly onWritten: (count: number) => void;
  /** The peer will send nothing more. */
  readonly onEnd: () => void;
  /** The connection is over, in good order unless there is a failure; the last event. */
  readonly onClose: (failure: HostFailure | undefined) => void;
}

export interface HostDatagrams {
  /** Sends, or loses. */
  send(bytes: Uint8Array, to: Endpoint): void;
  close(): void;
}

export interface HostDatagramEvents {
  /** The bytes are the receiver's. */
  readonly onDatagram: (bytes: Uint8Array, from: Endpoint) => void;
  /** A datagram could not be sent. */
  readonly onFailure: (failure: HostFailure) => void;
}

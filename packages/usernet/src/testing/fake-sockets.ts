/** Sockets of a host that is a test: peers that the guest connects to, and that connect to it. */
import { type Endpoint, endpointText, type IpFamily } from '../address.ts';
import type {
  HostDatagramEvents,
  HostDatagrams,
  HostFailure,
  HostNetwork,
  HostStream,
  HostStreamEvents,
  Listening,
  Timers,
} from '../host.ts';

/** The other end of a stream of the host. */
export class FakePeer {
  readonly received: Uint8Array[] = [];
  ended = false;
  wasReset = false;
  paused = false;
  readonly #timers: Timers;
  readonly #unsent: Uint8Array[] = [];
  readonly #unread: Uint8Array[] = [];
  #reading = true;
  #ending = false;
  #closed = false;
  #events: HostStreamEvents | undefined;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  get length(): number {
    return this.received.reduce((sum, { length }) => sum + length, 0);
  }

  get bytes(): Uint8Array {
    const bytes = new Uint8Array(this.length);
    let at = 0;
    for (const chunk of this.received) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  }

  /** Bytes that the network does not take for now. */
  get unsent(): number {
    return this.#unsent.reduce((sum, { length }) => sum + length, 0);
  }

  attach(events: HostStreamEvents): void {
    this.#events = events;
  }

  send(bytes: Uint8Array): void {
    this.#unsent.push(bytes);
    this.#flush();
  }

  end(): void {
    this.#ending = true;
    this.#flush();
  }

  /** Breaks the connection, or refuses it. */
  fail(failure: HostFailure): void {
    this.#close(failure);
  }

  /** Whether it takes what comes. */
  read(reading: boolean): void {
    this.#reading = reading;
    if (!reading) return;
    for (const bytes of this.#unread.splice(0)) this.#take(bytes);
  }

  /** The network's end. */
  readonly stream: HostStream = {
    write: (bytes) => {
      if (this.ended || this.#closed) throw new Error('written after the end');
      if (this.#reading) this.#take(bytes);
      else this.#unread.push(bytes);
    },
    end: () => {
      this.ended = true;
      this.#closeWhenDone();
    },
    reset: () => {
      this.wasReset = true;
      this.#close(undefined);
    },
    pause: () => {
      this.paused = true;
    },
    resume: () => {
      this.paused = false;
      this.#timers.after(0, () => this.#flush());
    },
  };

  #take(bytes: Uint8Array): void {
    this.received.push(bytes);
    this.#timers.after(0, () => this.#events?.onWritten(bytes.length));
  }

  #flush(): void {
    if (this.paused || this.#closed) return;
    const bytes = this.#unsent.shift();
    if (bytes) {
      this.#events?.onData(bytes);
      if (this.#unsent.length > 0 || this.#ending) this.#timers.after(0, () => this.#flush());
    } else if (this.#ending) {
      this.#ending = false;
      this.#events?.onEnd();
      this.#peerEnded = true;
      this.#closeWhenDone();
    }
  }

  #peerEnded = false;

  #closeWhenDone(): void {
    if (this.ended && this.#peerEnded) this.#close(undefined);
  }

  #close(failure: HostFailure | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timers.after(0, () => this.#events?.onClose(failure));
  }
}

/** A socket for datagrams, as the network opened it. */
export class FakeDatagrams implements HostDatagrams, Listening {
  readonly sent: { readonly data: Uint8Array; readonly to: Endpoint }[] = [];
  closed = false;
  readonly local: Endpoint;
  readonly #events: HostDatagramEvents;

  constructor(local: Endpoint, events: HostDatagramEvents) {
    this.local = local;
    this.#events = events;
  }

  send(data: Uint8Array, to: Endpoint): void {
    if (this.closed) throw new Error('sent on a closed socket');
    this.sent.push({ data, to });
  }

  close(): void {
    this.closed = true;
  }

  receive(data: Uint8Array, from: Endpoint): void {
    this.#events.onDatagram(data, from);
  }

  fail(failure: HostFailure): void {
    this.#events.onFailure(failure);
  }
}

export class FakeSockets implements HostNetwork {
  /** Streams that the network wanted, in order. */
  readonly connected: { readonly to: Endpoint; readonly peer: FakePeer }[] = [];
  readonly datagrams: FakeDatagrams[] = [];
  /** What happens to who connects: by default it is accepted. */
  readonly failures = new Map<string, HostFailure>();
  readonly #timers: Timers;
  readonly #accept = new Map<string, (stream: HostStream, peer: Endpoint) => HostStreamEvents | undefined>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  connectTcp(to: Endpoint, events: HostStreamEvents): HostStream {
    const peer = new FakePeer(this.#timers);
    peer.attach(events);
    this.connected.push({ to, peer });
    const failure = this.failures.get(endpointText(to));
    if (failure) peer.fail(failure);
    else this.#timers.after(0, () => events.onConnect());
    return peer.stream;
  }

  listenTcp(
    at: Endpoint,
    accept: (stream: HostStream, peer: Endpoint) => HostStreamEvents | undefined,
  ): Promise<Listening | string> {
    const key = endpointText(at);
    if (this.#accept.has(key)) return Promise.resolve('Address already in use');
    this.#accept.set(key, accept);
    return Promise.resolve({ local: at, close: () => this.#accept.delete(key) });
  }

  /** Somebody connects to a port of the host. @returns Undefined when nobody listens or it is refused. */
  connectFrom(from: Endpoint, to: Endpoint): FakePeer | undefined {
    const peer = new FakePeer(this.#timers);
    const events = this.#accept.get(endpointText(to))?.(peer.stream, from);
    if (!events) return undefined;
    peer.attach(events);
    return peer;
  }

  openUdp(family: IpFamily, events: HostDatagramEvents): HostDatagrams {
    const address = (family === 4 ? '0.0.0.0' : '::') as Endpoint['address'];
    const socket = new FakeDatagrams({ address, port: 40000 + this.datagrams.length }, events);
    this.datagrams.push(socket);
    return socket;
  }

  bindUdp(at: Endpoint, events: HostDatagramEvents): Promise<(HostDatagrams & Listening) | string> {
    const socket = new FakeDatagrams(at, events);
    this.datagrams.push(socket);
    return Promise.resolve(socket);
  }
}

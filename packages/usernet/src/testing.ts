/** A guest, a host and a clock for tests of networks. */
export { FakeClock } from './testing/fake-clock.ts';
export { FakeDatagrams, FakePeer, FakeSockets } from './testing/fake-sockets.ts';
export { fuzzFrames } from './testing/fuzz.ts';
export { GUEST_MAC, GuestStack } from './testing/guest-stack.ts';
export { GuestTcp, type GuestTcpOptions } from './testing/guest-tcp.ts';
export { openTestNetwork, type TestNetwork } from './testing/opened-network.ts';

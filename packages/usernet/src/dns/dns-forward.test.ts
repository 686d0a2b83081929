import { expect, it } from 'vitest';
import type { Endpoint, IpAddress } from '../address.ts';
import { openTestNetwork } from '../testing/opened-network.ts';

const at = (address: string, port: number): Endpoint => ({ address: address as IpAddress, port });
const resolvers = [at('192.0.2.1', 53), at('2001:db8::2', 5353)];
const question = (identifier: number) =>
  Uint8Array.from({ length: 20 }, (_, i) => (i === 1 ? identifier : i));

it.each(['10.0.2.3', 'fec0::3'])(
  'a question to %s goes to the host, and its answer back',
  async (address) => {
    const { guest, clock, sockets } = await openTestNetwork({ resolvers });
    guest.udp(1000, at(address, 53), question(1));
    clock.advance(0);
    const [socket] = sockets.datagrams;
    expect(socket?.sent).toEqual([{ data: question(1), to: resolvers[0] }]);
    socket?.receive(question(1), at('192.0.2.66', 53));
    socket?.receive(question(1), at('192.0.2.1', 53));
    clock.advance(0);
    expect(guest.datagrams.map(({ source, data }) => [source, data])).toEqual([
      [at(address, 53), question(1)],
    ]);
  },
);

it('a question that is repeated goes to the next server, which is then preferred', async () => {
  const { guest, clock, sockets } = await openTestNetwork({ resolvers });
  for (let i = 0; i < 3; i++) guest.udp(1000, at('10.0.2.3', 53), question(1));
  guest.udp(1000, at('10.0.2.3', 53), question(2));
  clock.advance(0);
  expect(sockets.datagrams.map(({ sent, closed }) => [sent.map(({ to }) => to.address), closed])).toEqual([
    [['192.0.2.1'], true],
    [['2001:db8::2'], true],
    [['192.0.2.1', '192.0.2.1'], false],
  ]);
  guest.udp(1000, at('10.0.2.3', 53), question(2));
  clock.advance(0);
  sockets.datagrams[3]?.receive(question(2), at('2001:db8::2', 5353));
  guest.udp(1001, at('10.0.2.3', 53), question(3));
  clock.advance(0);
  expect(sockets.datagrams[4]?.sent[0]?.to).toEqual(resolvers[1]);
});

it('two questions at once that are both repeated go to the next server', async () => {
  const { guest, clock, sockets } = await openTestNetwork({ resolvers });
  for (const identifier of [1, 2, 1, 2]) guest.udp(1000, at('10.0.2.3', 53), question(identifier));
  clock.advance(0);
  expect(sockets.datagrams.map(({ sent }) => sent.map(({ data, to }) => [data[1], to.address]))).toEqual([
    [
      [1, '192.0.2.1'],
      [2, '192.0.2.1'],
    ],
    [
      [1, '2001:db8::2'],
      [2, '2001:db8::2'],
    ],
  ]);
});

it('flows end after ten seconds, and are bounded', async () => {
  const { guest, clock, sockets, network } = await openTestNetwork({ resolvers });
  for (let port = 1; port <= 300; port++) {
    guest.udp(port, at('10.0.2.3', 53), question(1));
    clock.advance(0);
  }
  expect(network.flows.dns).toBe(256);
  clock.advance(20_000);
  expect([network.flows.dns, sockets.datagrams.every(({ closed }) => closed)]).toEqual([0, true]);
});

it.each([
  { name: 'without name servers', resolvers: [], data: question(1), statistic: 'unreachable' },
  { name: 'that is too short', resolvers, data: new Uint8Array(11), statistic: 'malformed' },
] as const)('a question $name is dropped', async ({ data, statistic, ...options }) => {
  const { guest, clock, sockets, network } = await openTestNetwork(options);
  guest.udp(1000, at('10.0.2.3', 53), data);
  clock.advance(0);
  expect([sockets.datagrams.length, network.statistics[statistic]]).toEqual([0, 1]);
});

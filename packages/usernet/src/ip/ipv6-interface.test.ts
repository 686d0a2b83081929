import { describe, expect, it } from 'vitest';
import { addressBytes, type IpAddress } from '../address.ts';
import { EtherType, multicastMac } from '../ethernet/ethernet.ts';
import { GUEST_MAC } from '../testing/guest-stack.ts';
import { openTestNetwork, type TestNetwork } from '../testing/opened-network.ts';
import { encodeIcmp } from './icmp.ts';
import { encodeIpv6 } from './ipv6.ts';
import { neighborSolicitation, parseNeighbor, solicitedNode } from './ndp.ts';

const ip = (text: string) => text as IpAddress;

function solicit({ guest, clock }: TestNetwork, source: string, target: string): void {
  guest.message(
    encodeIcmp(ip(source), solicitedNode(ip(target)), neighborSolicitation(ip(target), GUEST_MAC)),
  );
  clock.advance(0);
}

describe('a neighbor solicitation', () => {
  it.each([
    ['fec0::2', true],
    ['fec0::3', false],
    ['fe80::2', true],
  ])('for %s is answered, router: %s', async (target, router) => {
    const net = await openTestNetwork();
    solicit(net, 'fec0::15', target);
    const [answer] = net.guest.icmp;
    expect(answer).toMatchObject({ type: 136, source: target });
    expect(answer && parseNeighbor(answer)).toEqual({ target, mac: Uint8Array.of(0x52, 0x56, 0, 0, 0, 2) });
    expect(((answer?.body[0] ?? 0) & 0x80) !== 0).toBe(router);
  });

  it.each(['fec0::15', 'fec0::99'])('for %s is not', async (target) => {
    const net = await openTestNetwork();
    solicit(net, '::', target);
    expect(net.guest.frames).toEqual([]);
  });

  it('that a router passed on is malformed', async () => {
    const net = await openTestNetwork();
    const message = encodeIcmp(ip('fec0::15'), ip('fec0::2'), neighborSolicitation(ip('fec0::2'), GUEST_MAC));
    const [packet = new Uint8Array(0)] = encodeIpv6(message, 0, 1500);
    net.guest.frame(EtherType.ipv6, packet.with(7, 254));
    net.clock.advance(0);
    expect([net.guest.frames.length, net.network.statistics.malformed]).toEqual([0, 1]);
  });
});

describe('a router solicitation', () => {
  const solicitation = (options: number[]) =>
    encodeIcmp(ip('fe80::15'), ip('ff02::2'), {
      type: 133,
      code: 0,
      body: Uint8Array.from([0, 0, 0, 0, ...options]),
    });

  it.each([false, true])('is answered with the network, restricted: %s', async (restrict) => {
    const { guest, clock } = await openTestNetwork({ restrict });
    guest.message(solicitation([1, 1, ...GUEST_MAC]));
    clock.advance(0);
    const [answer] = guest.icmp;
    expect(answer).toMatchObject({ type: 134, source: 'fe80::2' });
    expect(guest.frames[0]?.subarray(0, 6)).toEqual(multicastMac(ip('ff02::1')));
    const body = [...(answer?.body ?? [])];
    expect(body.slice(0, 4)).toEqual([64, 0x40, ...(restrict ? [0, 0] : [7, 8])]);
    const prefix = [
      3,
      4,
      64,
      0xc0,
      0,
      1,
      0x51,
      0x80,
      0,
      0,
      0x38,
      0x40,
      0,
      0,
      0,
      0,
      ...addressBytes(ip('fec0::')),
    ];
    const options = [1, 1, 0x52, 0x56, 0, 0, 0, 2, 5, 1, 0, 0, 0, 0, 5, 220, ...prefix];
    const nameServer = [25, 3, 0, 0, 0, 0, 7, 8, ...addressBytes(ip('fec0::3'))];
    expect(body.slice(12)).toEqual([...options, ...(restrict ? [] : nameServer)]);
  });

  it('is followed by advertisements from time to time', async () => {
    const { guest, clock, network } = await openTestNetwork();
    guest.message(solicitation([]));
    clock.advance(1_000_000);
    expect(guest.icmp.length).toBe(4);
    network.close();
    expect(clock.waiting).toBe(0);
  });

  it.each([
    ['of no length', [1, 0]],
    ['that does not fit', [1, 2, 0, 0, 0, 0, 0, 0]],
  ])('with an option %s is malformed', async (_, options) => {
    const { guest, clock, network } = await openTestNetwork();
    guest.message(solicitation(options));
    clock.advance(0);
    expect([guest.icmp.length, network.statistics.malformed]).toEqual([0, 1]);
  });
});

it.each(['fec0::2', 'fec0::3'])('an echo request to %s is answered', async (address) => {
  const { guest, clock } = await openTestNetwork();
  guest.ping(ip(address), Uint8Array.of(7));
  clock.advance(0);
  expect(guest.icmp).toMatchObject([{ type: 129, source: address }]);
});

it('a family that is left out is not there', async () => {
  const { guest, clock, network } = await openTestNetwork({ ipv6: false });
  guest.ping(ip('fec0::2'), Uint8Array.of(7));
  clock.advance(0);
  expect([guest.frames.length, network.statistics.unsupported]).toEqual([0, 1]);
});

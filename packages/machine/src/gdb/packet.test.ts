import { describe, expect, it } from 'vitest';
import { encodePacket, fromLatin1, latin1, PACKET_SIZE, PacketReader } from './packet.ts';

describe('encodePacket', () => {
  it.each([
    ['OK', '$OK#9a'],
    ['', '$#00'],
    // Each of the four is } and the character with bit 5 turned.
    ['$#}*', '$}\x04}\x03}]}\n#62'],
  ])('%j is %j', (payload, packet) => {
    expect(fromLatin1(encodePacket(payload))).toBe(packet);
  });
});

describe('PacketReader', () => {
  const read = (...pieces: readonly string[]) => {
    const reader = new PacketReader();
    return pieces.flatMap((piece) => reader.read(latin1(piece)));
  };
  const packet = (payload: string) => ({ kind: 'packet', payload: latin1(payload) });

  it.each<[string, readonly string[], readonly object[]]>([
    ['a packet', ['$g#67'], [packet('g')]],
    ['a packet in pieces', ['$', 'g', '#6', '7'], [packet('g')]],
    [
      'two packets and acknowledgements',
      ['+$g#67-$?#3f'],
      [
        { kind: 'acknowledged', positive: true },
        packet('g'),
        { kind: 'acknowledged', positive: false },
        packet('?'),
      ],
    ],
    [
      'escaped bytes',
      ['$}\x03}]#9a'.replace('9a', ((0x7d + 3 + 0x7d + 0x5d) & 0xff).toString(16))],
      [packet('#}')],
    ],
    ['a wrong checksum', ['$g#68'], [{ kind: 'damaged' }]],
    ['a checksum that is not one', ['$g#zz'], [{ kind: 'damaged' }]],
    ['a packet that starts anew', ['$abc$g#67'], [packet('g')]],
    ['an interrupt between packets', ['\x03'], [{ kind: 'interrupt' }]],
    ['the byte 03 in a packet', ['$X\x03#5b'], [packet('X\x03')]],
    ['noise', ['abc\r\n'], []],
  ])('reads %s', (_, pieces, events) => {
    expect(read(...pieces)).toEqual(events);
  });

  it('drops a packet that is too long, and reads the next one', () => {
    const long = 'a'.repeat(PACKET_SIZE + 2);
    expect(read(`$${long}#00$g#67`)).toEqual([{ kind: 'damaged' }, packet('g')]);
  });
});

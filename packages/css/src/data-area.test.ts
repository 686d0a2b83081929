import { CcwFlag, MidawFlag, OrbControl, OrbControl1, SubchannelStatus } from '@zarch/arch';
import { describe, expect, it } from 'vitest';
import { FakeCommand, Guest, type MidawFields } from './testing.ts';

const { programCheck, protectionCheck, incorrectLength } = SubchannelStatus;
const IDA = CcwFlag.indirectAddressing;
const MIDA = CcwFlag.modifiedIndirectAddressing;
const LIST = 0x3000;

/** The forms of IDAW: format, block size and the bits of the operation request. */
const forms = [
  ['format 1', 1, 2048, 0],
  ['format 1, whatever the block size says', 1, 2048, OrbControl.idaw2k],
  ['format 2', 2, 4096, OrbControl.idaw64],
  ['format 2 with small blocks', 2, 2048, OrbControl.idaw64 | OrbControl.idaw2k],
] as const;

describe.each(forms)('IDAWs of %s', (_, format, block, orbControl) => {
  const size = block + 100;
  const guestWith = (content: Uint8Array<ArrayBuffer>) => {
    const guest = new Guest();
    guest.device.block = content;
    guest.device.blockLength = content.length;
    return guest;
  };
  const bytes = Uint8Array.from({ length: size }, (_value, index) => index * 7);

  it('scatter a block that begins anywhere', () => {
    const guest = guestWith(bytes);
    const program = guest
      .program()
      .ccw({ command: FakeCommand.read, flags: IDA, count: size, address: LIST })
      .idaws(LIST, format, [0x4000 + block - 50, 0x8000, 0x6000]);
    const control = orbControl;
    expect(guest.run(program, { control })).toMatchObject({ subchannelStatus: 0, count: 0 });
    expect(guest.storage.bytes(0x4000 + block - 50, 50)).toEqual(bytes.slice(0, 50));
    expect(guest.storage.bytes(0x8000, block)).toEqual(bytes.slice(50, 50 + block));
    expect(guest.storage.bytes(0x6000, 51)).toEqual(Uint8Array.of(...bytes.slice(50 + block), 0));
  });

  it('gather a block', () => {
    const guest = guestWith(bytes);
    guest.storage.put(0x8000, bytes.slice(0, block));
    guest.storage.put(0x6000, bytes.slice(block));
    const program = guest
      .program(0)
      .ccw({ command: FakeCommand.write, flags: IDA, count: size, address: LIST })
      .idaws(LIST, format, [0x8000, 0x6000]);
    expect(guest.run(program, { control: orbControl })).toMatchObject({ subchannelStatus: 0, count: 0 });
    expect(guest.device.written).toEqual([bytes]);
  });

  it('go backward through the last bytes of blocks', () => {
    const guest = guestWith(bytes);
    const program = guest
      .program()
      .ccw({ command: FakeCommand.readBackward, flags: IDA, count: size, address: LIST })
      .idaws(LIST, format, [0x8000 + 9, 0x6000 + block - 1, 0x4000 + block - 1]);
    expect(guest.run(program, { control: orbControl })).toMatchObject({ subchannelStatus: 0, count: 0 });
    const backward = bytes.slice().reverse();
    expect(guest.storage.bytes(0x8000, 10)).toEqual(backward.slice(-10));
    expect(guest.storage.bytes(0x6000, block)).toEqual(backward.slice(-10 - block, -10));
    expect(guest.storage.bytes(0x4000 + block - 90, 90)).toEqual(backward.slice(0, 90));
  });

  it.each([
    ['a second IDAW that is not on its boundary', [0x4000, 0x8001], block],
    ['a second IDAW outside the storage', [0x4000, 0x10_0000], block],
    ['a first IDAW outside the storage', [0x10_0000], 0],
  ])('cause a program check by %s', (_name, list, moved) => {
    const guest = guestWith(bytes);
    const program = guest
      .program()
      .ccw({ command: FakeCommand.read, flags: IDA, count: size, address: LIST })
      .idaws(LIST, format, list);
    const irb = guest.run(program, { control: orbControl });
    expect(irb).toMatchObject({
      subchannelStatus: programCheck,
      count: size - moved,
      programAddress: 0x1008,
    });
  });

  it('are not looked at before they are needed', () => {
    const guest = guestWith(bytes.slice(0, block));
    const program = guest
      .program()
      .ccw({ command: FakeCommand.read, flags: IDA, count: size, address: LIST })
      .idaws(LIST, format, [0x4000, 0x8001]);
    const irb = guest.run(program, { control: orbControl });
    expect(irb).toMatchObject({ subchannelStatus: incorrectLength, count: 100 });
  });

  it('are protected as data are', () => {
    const guest = guestWith(bytes);
    guest.storage.setKey(LIST, 0x38);
    for (const address of [0x4000, 0x5000, 0x8000]) guest.storage.setKey(address, 0x20);
    const program = guest
      .program()
      .ccw({ command: FakeCommand.read, flags: IDA, count: size, address: LIST })
      .idaws(LIST, format, [0x4000, 0x8000]);
    const run = () => guest.run(program, { control: orbControl, key: 2 });
    expect(run()).toMatchObject({ subchannelStatus: protectionCheck, count: size });
    guest.storage.setKey(LIST, 0x30);
    expect(run()).toMatchObject({ subchannelStatus: 0, count: 0 });
    guest.storage.setKey(0x8000, 0x30);
    expect(run()).toMatchObject({ subchannelStatus: protectionCheck, count: 100 });
  });
});

describe('IDAWs', () => {
  it('cannot have 32 bits in format 1', () => {
    const guest = new Guest();
    const program = guest
      .program()
      .ccw({ command: FakeCommand.read, flags: IDA, count: 16, address: LIST })
      .idaws(LIST, 1, [0x8000_2000]);
    expect(guest.run(program)).toMatchObject({ subchannelStatus: programCheck, count: 16 });
  });

  it.each([2n ** 31n, 2n ** 53n, 2n ** 64n - 1n])('find no storage at %x in format 2', (address) => {
    const guest = new Guest();
    const program = guest
      .program()
      .ccw({ command: FakeCommand.read, flags: IDA, count: 16, address: LIST })
      .idaws(LIST, 2, [address]);
    const control = OrbControl.idaw64;
    expect(guest.run(program, { control })).toMatchObject({ subchannelStatus: programCheck, count: 16 });
  });

  it('end with the storage', () => {
    const guest = new Guest();
    guest.device.block = new Uint8Array(4096);
    const program = guest
      .program()
      .ccw({ command: FakeCommand.read, flags: IDA, count: 4096, address: 0xfffc })
      .idaws(0xfffc, 1, [0x4000]);
    expect(guest.run(program)).toMatchObject({ subchannelStatus: programCheck, count: 2048 });
  });
});

describe('MIDAWs', () => {
  const last = MidawFlag.last;
  const run = (
    words: readonly MidawFields[],
    options: { readonly command?: number; readonly count?: number; readonly list?: number } = {},
  ) => {
    const guest = new Guest();
    const { command = FakeCommand.read, count = 16, list = LIST } = options;
    guest.storage.put(
      0x4000,
      Uint8Array.from({ length: 64 }, (_, index) => 0x80 + index),
    );
    const program = guest.program().ccw({ command, flags: MIDA, count, address: list }).midaws(list, words);
    const irb = guest.run(program, { control1: OrbControl1.incorrectLength | OrbControl1.midaw });
    return { guest, irb };
  };

  it('scatter pieces of any length, and skip some', () => {
    const { guest, irb } = run([
      { count: 3, address: 0x4001 },
      { flags: MidawFlag.skip, count: 5, address: 2n ** 63n },
      { flags: last, count: 8, address: 0x4ff8 },
    ]);
    expect(irb).toMatchObject({ subchannelStatus: 0, count: 0 });
    expect(guest.storage.bytes(0x4000, 5).toHex()).toBe('8001020384');
    expect(guest.storage.bytes(0x4ff8, 9).toHex()).toBe('090a0b0c0d0e0f1000');
  });

  it('gather pieces, none of them skipped', () => {
    const { guest } = run(
      [
        { flags: MidawFlag.skip, count: 2, address: 0x4010 },
        { flags: last, count: 14, address: 0x4000 },
      ],
      { command: FakeCommand.write },
    );
    expect(guest.device.written[0]?.toHex()).toBe('9091808182838485868788898a8b8c8d');
  });

  it('go backward', () => {
    const { guest } = run(
      [
        { count: 2, address: 0x4001 },
        { flags: last, count: 14, address: 0x500d },
      ],
      { command: FakeCommand.readBackward },
    );
    expect(guest.storage.bytes(0x4000, 2).toHex()).toBe('0201');
    expect(guest.storage.bytes(0x5000, 15).toHex()).toBe('100f0e0d0c0b0a0908070605040300');
  });

  const cases: readonly (readonly [string, readonly MidawFields[], number])[] = [
    [
      'a count of zero',
      [
        { count: 0, address: 0x4000 },
        { flags: last, count: 16, address: 0x4000 },
      ],
      0,
    ],
    ['a piece that crosses a page', [{ flags: last, count: 16, address: 0x4ff8 }], 0],
    ['a reserved flag', [{ flags: last | 0x10, count: 16, address: 0x4000 }], 0],
    ['the flag for interruptions', [{ flags: last | 0x20, count: 16, address: 0x4000 }], 0],
    ['an end before that of the CCW', [{ flags: last, count: 10, address: 0x4000 }], 10],
    ['no end', [{ count: 16, address: 0x4000 }], 16],
    ['an end after that of the CCW', [{ flags: last, count: 17, address: 0x4000 }], 16],
    [
      'an address outside the storage',
      [
        { count: 8, address: 0x4000 },
        { flags: last, count: 8, address: 2n ** 40n },
      ],
      8,
    ],
  ];
  it.each(cases)('cause a program check by %s', (_, words, moved) => {
    const { guest, irb } = run(words);
    expect(irb).toMatchObject({ subchannelStatus: programCheck, count: 16 - moved });
    expect(guest.device.accepted).toEqual([moved]);
  });

  it('cannot continue on another page', () => {
    const words = [
      { count: 8, address: 0x4000 },
      { flags: last, count: 8, address: 0x4008 },
    ];
    expect(run(words, { list: 0x3fe0 }).irb).toMatchObject({ subchannelStatus: 0 });
    expect(run(words, { list: 0x5ff0 }).irb).toMatchObject({ subchannelStatus: programCheck, count: 8 });
  });

  it('have reserved bytes', () => {
    const guest = new Guest();
    const program = guest
      .program()
      .ccw({ command: FakeCommand.read, flags: MIDA, count: 16, address: LIST })
      .midaws(LIST, [{ flags: last, count: 16, address: 0x4000 }]);
    guest.storage.put(LIST + 4, Uint8Array.of(1));
    const irb = guest.run(program, { control1: OrbControl1.midaw });
    expect(irb).toMatchObject({ subchannelStatus: programCheck, count: 16 });
  });
});

import { absolute } from '@zarch/arch';
import { describe, expect, it } from 'vitest';
import { FETCH_ONLY, translateAccessRegister } from './access-register-translation.ts';
import { AbsoluteStorage } from './guest-storage.ts';
import { HostStorage } from './host-storage.ts';

const DUCT = 0x4000;
const ACCESS_LIST = 0x5000;
const ASTE = 0x6000;
const AUTHORITY = 0x7000;
const ASCE = 0x1234_5000n;

/** Storage with a dispatchable-unit access list of 16 entries, of which entry 2 leads to an address space. */
function build() {
  const storage = new AbsoluteStorage(new HostStorage(1 << 16, 1 << 16), 1 << 16);
  const at = (address: number, length: number) => {
    const view = storage.view(absolute(address), length);
    if (!view) throw new RangeError();
    return view;
  };
  const [duct, entry, aste] = [at(DUCT, 64), at(ACCESS_LIST + 2 * 16, 16), at(ASTE, 64)];
  duct.setU32(16, ACCESS_LIST | 1);
  entry.setU32(0, 5 << 16);
  entry.setU32(8, ASTE);
  entry.setU32(12, 77);
  aste.setU32(0, AUTHORITY);
  aste.setU32(4, 1 << 4);
  aste.setU64(8, ASCE);
  aste.setU32(20, 77);
  const control = (number: 2 | 5 | 8) => ({ 2: BigInt(DUCT), 5: 0n, 8: 6n << 16n })[number];
  return {
    entry,
    aste,
    authority: at(AUTHORITY, 8),
    translate: (alet: number) => translateAccessRegister({ storage, prefix: 0x8000, control }, alet),
  };
}

type Built = ReturnType<typeof build>;

describe('access-register translation', () => {
  it('finds the ASCE of the space', () => expect(build().translate(0x0005_0002)).toEqual([ASCE, 0]));

  it.each<[string, number, (built: Built) => void, number]>([
    ['reserved bits of the ALET', 0x0205_0002, () => {}, 0x28],
    ['an entry beyond the list', 0x0005_0010, () => {}, 0x29],
    ['an entry that is not valid', 0x0005_0002, ({ entry }) => entry.setU32(0, 0x8005_0000), 0x29],
    ['another sequence number of the entry', 0x0006_0002, () => {}, 0x2a],
    ['an address space that is not valid', 0x0005_0002, ({ aste }) => aste.setU32(0, 0x8000_0000), 0x2b],
    ['another sequence number of the space', 0x0005_0002, ({ aste }) => aste.setU32(20, 78), 0x2c],
    [
      'a private entry of another authorization index',
      0x0005_0002,
      ({ entry }) => entry.setU32(0, 0x0105_0007),
      0x2d,
    ],
  ])('%s is an exception', (_, alet, change, code) => {
    const built = build();
    change(built);
    expect(built.translate(alet)).toEqual([0n, code]);
  });

  it('a private entry is open to its own index and to those of the authority table', () => {
    const built = build();
    built.entry.setU32(0, 0x0105_0006);
    expect(built.translate(0x0005_0002)).toEqual([ASCE, 0]);
    built.entry.setU32(0, 0x0105_0007);
    built.authority.setU8(1, 0x04); // the secondary-authority bit of index 6
    expect(built.translate(0x0005_0002)).toEqual([ASCE, 0]);
  });

  it('tells a fetch-only entry', () => {
    const built = build();
    built.entry.setU32(0, 0x0205_0000);
    expect(built.translate(0x0005_0002)).toEqual([ASCE, FETCH_ONLY]);
  });
});

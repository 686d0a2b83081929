import { SclpEvent } from '@zarch/arch';
import { describe, expect, it } from 'vitest';
import { ebcdicText, fromEbcdic, toEbcdic } from './ebcdic.ts';
import { makeEvent } from './event-device.ts';
import { GuestDriver, type ReadEvent } from './guest-driver.ts';
import { LineModeConsole } from './line-mode-console.ts';
import { Vt220Console } from './vt220-console.ts';

const text = (value: string) => new TextEncoder().encode(value);
const { operationsCommand, priorityMessageCommand } = SclpEvent;

describe('EBCDIC', () => {
  const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i)).join('');
  it.each(['cp037', 'cp500'] as const)('%s holds ISO 8859-1 and comes back', (page) => {
    expect(new TextDecoder().decode(fromEbcdic(toEbcdic(text(printable), page), page))).toBe(printable);
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const latin1 = new TextDecoder().decode(fromEbcdic(bytes, page));
    // New line and line feed become one.
    expect(new Set(latin1).size).toBe(255);
  });

  it('code pages differ in seven places', () => {
    const codes = (page: 'cp037' | 'cp500') => toEbcdic(text('[!]^|¢¬'), page).toHex();
    expect(codes('cp500')).toBe('4a4f5a5fbbb0ba');
    expect(codes('cp037')).toBe('ba5abbb04f4a5f');
  });

  it.each([
    ['a character it does not have', '61e282ac62', '813f82'],
    ['a sequence that is cut off', '61c3', '813f'],
    ['a byte that starts nothing', 'ff61', '3f81'],
    ['a sequence with a wrong end', 'c36161', '3f8181'],
  ])('replaces %s', (_, utf8, ebcdic) => {
    expect(toEbcdic(Uint8Array.fromHex(utf8), 'cp500').toHex()).toBe(ebcdic);
  });
});

/** The text of a command, found by walking vectors as Linux does: each must end where its parent does. */
function commandText(event: ReadEvent): string {
  const { content } = event;
  const data = new DataView(content.buffer);
  const ids: number[] = [];
  let at = 0;
  for (let i = 0; i < 3; i++, at += 4) {
    expect(at + data.getUint16(at)).toBe(content.length);
    ids.push(data.getUint16(at + 2));
  }
  for (let i = 0; i < 2; i++, at += 2) {
    expect(at + data.getUint8(at)).toBe(content.length);
    ids.push(data.getUint8(at + 1));
  }
  expect(ids).toEqual([0x1310, 0x1212, 0x1320, 0x31, 0x30]);
  return new TextDecoder().decode(fromEbcdic(content.subarray(at), 'cp500'));
}

function lineMode(codePage?: 'cp037'): { guest: GuestDriver; lines: LineModeConsole; output: () => string } {
  let written = '';
  const lines = new LineModeConsole({
    onOutput: (bytes) => {
      written += new TextDecoder().decode(bytes);
    },
    ...(codePage && { codePage }),
  });
  return { guest: new GuestDriver({ devices: [lines] }), lines, output: () => written };
}

describe('the line-mode console, to the program', () => {
  const rows: readonly [string, readonly string[], readonly string[]][] = [
    ['a line', ['help\n'], ['help']],
    ['a line in pieces', ['he', 'l', 'p', '\n'], ['help']],
    ['several lines in one piece', ['a\nb\nc\n'], ['a', 'b', 'c']],
    ['lines that end in a carriage return', ['a\rb\r'], ['a', 'b']],
    ['lines that end in both, in two pieces', ['a\r', '\nb\r\n'], ['a', 'b']],
    ['an empty line', ['\n'], ['']],
    ['nothing before the line ends', ['help'], []],
    ['characters beyond ASCII', ['größe [!]\n'], ['größe [!]']],
    [
      'a line that is too long as several',
      [`${'x'.repeat(600)}\n`],
      ['x'.repeat(251), 'x'.repeat(251), 'x'.repeat(98)],
    ],
  ];
  it.each(rows)('brings %s', (_, pieces, commands) => {
    const { guest, lines } = lineMode();
    guest.listen([operationsCommand]);
    for (const piece of pieces) expect(lines.input(text(piece))).toBe(text(piece).length);
    expect(guest.takeSignal()).toBe(commands.length > 0 ? 1 : 0);
    const { events } = guest.read();
    expect(events.map(commandText)).toEqual(commands);
    expect(events.every(({ type }) => type === operationsCommand)).toBe(true);
  });

  it('brings priority commands to a program that listens to those alone', () => {
    const { guest, lines } = lineMode();
    guest.listen([priorityMessageCommand]);
    lines.input(text('stop\n'));
    expect(guest.read().events.map(({ type }) => type)).toEqual([priorityMessageCommand]);
  });

  it('keeps lines that do not fit for the next block', () => {
    const { guest, lines } = lineMode();
    guest.listen([operationsCommand]);
    lines.input(text(`${'a'.repeat(40)}\n${'b'.repeat(40)}\n`));
    const size = 8 + 6 + 12 + 4 + 40;
    expect(guest.read(size - 1).response).toBe(0x75f0);
    expect(guest.read(size)).toMatchObject({ signal: guest.sccb + 1, events: [{}] });
    expect(guest.read(size)).toMatchObject({ signal: guest.sccb, events: [{}] });
  });

  it('takes no more than it can keep, and says when there is room again', () => {
    let room = 0;
    const lines = new LineModeConsole({ onOutput: () => {}, onRoom: () => room++ });
    const guest = new GuestDriver({ devices: [lines] });
    guest.listen([operationsCommand]);
    const taken = lines.input(text('\n'.repeat(100_000)));
    expect(taken).toBe(65536);
    expect(lines.input(text('a'))).toBe(0);
    guest.read();
    expect(room).toBe(1);
    expect(lines.input(text('a'))).toBe(1);
  });

  it('saves lines and what is being typed', () => {
    const one = lineMode();
    one.lines.input(text('first\nsec'));
    const other = lineMode();
    other.guest.sclp.restore(structuredClone(one.guest.sclp.save()));
    other.guest.listen([operationsCommand]);
    other.lines.input(text('ond\n'));
    expect(other.guest.read().events.map(commandText)).toEqual(['first', 'second']);
  });
});

describe('the line-mode console, from the program', () => {
  const halfwords = (...values: readonly number[]) => values.flatMap((value) => [value >> 8, value & 0xff]);
  const general = (flags = 0) => [
    ...halfwords(56, 1),
    ...new Array(24).fill(0),
    ...halfwords(flags),
    ...new Array(26).fill(0),
  ];
  const line = (value: string, page: 'cp037' | 'cp500' = 'cp500') => {
    const ebcdic = toEbcdic(text(value), page);
    return [...halfwords(10 + ebcdic.length, 4, 0x1000), 0, 0, 0, 0, ...ebcdic];
  };
  const block = (...objects: readonly number[][]) => {
    const content = objects.flat();
    return Uint8Array.of(
      ...halfwords(12 + content.length, 1),
      0xd4,
      0xc4,
      0xc2,
      0x40,
      0,
      0,
      0,
      1,
      ...content,
    );
  };

  it('writes the lines of a message', () => {
    const { guest, output } = lineMode();
    for (const type of [SclpEvent.message, priorityMessageCommand]) {
      const message = block(general(), line('Linux version 6.1 [!]'), line(''), line('ünïcode'));
      expect(guest.write(makeEvent(type, message)).response).toBe(0x0020);
    }
    expect(output()).toBe('Linux version 6.1 [!]\n\nünïcode\n'.repeat(2));
  });

  it('writes several messages of one block, sounds the alarm and skips unknown objects', () => {
    const { guest, output } = lineMode();
    const one = makeEvent(SclpEvent.message, block(general(0x4000), line('one')));
    const two = makeEvent(SclpEvent.message, block(general(), [...halfwords(6, 9, 0)], line('two')));
    expect(guest.write(one, two).response).toBe(0x0020);
    expect(output()).toBe('\x07one\ntwo\n');
  });

  it('reads the other code page', () => {
    const { guest, output } = lineMode('cp037');
    guest.write(makeEvent(SclpEvent.message, block(line('a[1]!', 'cp037'))));
    expect(output()).toBe('a[1]!\n');
  });

  const rows: readonly [string, Uint8Array][] = [
    ['no message data block', new Uint8Array(11)],
    ['a block that is longer than the event', block(line('x')).subarray(0, 22)],
    ['a block that is shorter than its header', Uint8Array.of(0, 11, ...new Array(10).fill(0))],
    ['an object of length zero', block([0, 0, 0, 4])],
    ['an object that is longer than the block', block([0, 50, 0, 4, 0, 0, 0, 0, 0, 0])],
    ['less than the header of an object', block([0, 2])],
    ['a text object without room for its flags', block([0, 6, 0, 4, 0, 0])],
    ['a general object without its flags', block([0, 6, 0, 1, 0, 0])],
  ];
  it.each(rows)('refuses %s and writes nothing', (_, content) => {
    const { guest, output } = lineMode();
    expect(guest.write(makeEvent(SclpEvent.message, content)).response).toBe(0x72f0);
    expect(output()).toBe('');
  });
});

describe('the VT220 console', () => {
  it('carries bytes unchanged both ways', () => {
    const output: number[] = [];
    const vt220 = new Vt220Console({ onOutput: (bytes) => output.push(...bytes) });
    const guest = new GuestDriver({ devices: [vt220] });
    guest.listen([SclpEvent.vt220]);
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(guest.write(makeEvent(SclpEvent.vt220, bytes)).response).toBe(0x0020);
    expect(output).toEqual([...bytes]);
    for (const byte of bytes) vt220.input(Uint8Array.of(byte));
    expect(guest.read().events).toEqual([{ type: 0x1a, content: Uint8Array.of(0, ...bytes) }]);
  });

  it('takes no more than it can keep, and says when there is room again', () => {
    let room = 0;
    const vt220 = new Vt220Console({ onOutput: () => {}, onRoom: () => room++ });
    const guest = new GuestDriver({ devices: [vt220] });
    guest.listen([SclpEvent.vt220]);
    expect(vt220.input(new Uint8Array(70_000))).toBe(65536);
    expect(room).toBe(0);
    guest.read();
    expect(room).toBe(1);
    expect(vt220.input(new Uint8Array(5000))).toBe(4081);
  });
});

it('names lose the blanks and zeros that pad them', () => {
  expect(ebcdicText(Uint8Array.fromHex('d3c9d5e4e7404040'))).toBe('LINUX');
  expect(ebcdicText(Uint8Array.fromHex('c1c2000000000000'))).toBe('AB');
});

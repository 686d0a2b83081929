/** Clients of 9P2000.L that do everything wrong: requests that are nearly right, and many of them. */

import { Random } from '@zarch/arch/testing';
import { MessageWriter, makeMessage, NinePType, ninePHeader } from '../ninep/message.ts';
import { NinePServer } from '../ninep/server.ts';
import { MemoryFileSystem } from './memory-file-system.ts';

const REQUESTS = 200;

/**
 * Runs sessions of many requests each, without a device. The file system in memory throws when a path goes through a
 * symbolic link.
 *
 * @returns How many requests succeeded.
 */
export async function fuzzNineP({
  seed,
  count,
}: {
  readonly seed: number | string;
  readonly count: number;
}): Promise<number> {
  let succeeded = 0;
  for (let number = 0; number < count; number++) {
    const random = new Random(`${seed}/${number}`);
    const fileSystem = new MemoryFileSystem(4096);
    const onBackendError = (cause: unknown) => {
      throw new Error(`session ${number} of seed ${seed}`, { cause });
    };
    const server = new NinePServer({ fileSystem, onBackendError, readOnly: random.once(16) });
    for (let i = 0; i < REQUESTS; i++) {
      const request = ([ninePVersion, ninePAttach][i] ?? ninePRequest)(random);
      const room = random.once(8) ? 11 + random.below(100) : 8192;
      const reply = await server.request(request, room);
      if (reply.length > room || reply.length !== new DataView(reply.buffer).getUint32(0, true)) {
        throw new Error(`a reply of ${reply.length} bytes in session ${number} of seed ${seed}`);
      }
      if (reply[ninePHeader.type] !== NinePType.lerror + 1) succeeded++;
    }
    await server.reset();
    if (fileSystem.openFiles !== 0) throw new Error(`files stay open in session ${number} of seed ${seed}`);
  }
  return succeeded;
}

/** The fields of requests: fid, name, 32 bits, 64 bits, a byte, data, names of a walk. */
const ninePFields: Readonly<Partial<Record<keyof typeof NinePType, string>>> = {
  statfs: 'f',
  lopen: 'fo',
  lcreate: 'fnomu',
  symlink: 'fnnu',
  mknod: 'fnmuuu',
  rename: 'ffn',
  readlink: 'f',
  getattr: 'fq',
  setattr: 'fmmuuqqqqq',
  readdir: 'fqu',
  fsync: 'fu',
  lock: 'fbuqqun',
  getlock: 'fbqqun',
  link: 'ffn',
  mkdir: 'fnmu',
  renameat: 'fnfn',
  unlinkat: 'fno',
  attach: 'ffnnu',
  flush: 'b',
  walk: 'ffw',
  read: 'fqu',
  write: 'fqd',
  clunk: 'f',
  remove: 'f',
};

export function ninePVersion(random: Random): Uint8Array {
  const body = new MessageWriter().u32(random.once(8) ? random.number() : 8192).string('9P2000.L');
  return makeMessage(NinePType.version, 0, body.finish());
}

export function ninePAttach(): Uint8Array {
  const body = new MessageWriter().u32(0).u32(0).string('').string('').u32(0);
  return makeMessage(NinePType.attach, 0, body.finish());
}

export function ninePRequest(random: Random): Uint8Array {
  const names = Object.keys(ninePFields) as (keyof typeof NinePType)[];
  // A walk to a new fid is what most others need.
  const name = random.pick<keyof typeof NinePType>([...names, 'walk', 'walk', 'lopen', 'lcreate', 'mkdir']);
  const writer = new MessageWriter();
  for (const kind of ninePFields[name] ?? '') writeField(writer, kind, random);
  const message = makeMessage(NinePType[name], random.below(4), writer.finish());
  if (random.once(12)) message[random.below(message.length)] = random.below(256);
  return random.once(12) ? message.subarray(0, random.below(message.length + 1)) : message;
}

function writeField(writer: MessageWriter, kind: string, random: Random): void {
  const name = () => random.pick(['a', 'b', 'c', 'a', 'b', '.', '..', '', 'x/y', 'é']);
  const small = () => (random.once(8) ? random.number() : random.below(300));
  if (kind === 'f') writer.u32(random.pick([0, 0, 0, 1, 1, 2, 3]));
  else if (kind === 'n') writer.string(name());
  else if (kind === 'o') writer.u32(random.pick([0, 1, 2, 0x82, 0x202, 0x200, 3]));
  else if (kind === 'm')
    writer.u32(random.pick([0o644, 0x1ff, 0x8, 0x1000, 0x2000, 0x8000, random.below(65536)]));
  else if (kind === 'u') writer.u32(small());
  else if (kind === 'q') writer.u64(BigInt(small()));
  else if (kind === 'b') writer.u8(random.below(256));
  else if (kind === 'd') {
    const bytes = random.bytes(random.below(100));
    writer.u32(bytes.length).bytes(bytes);
  } else {
    const count = random.below(4);
    writer.u16(count);
    for (let i = 0; i < count; i++) writer.string(name());
  }
}

/** A client of 9P2000.L for tests: builds requests, sends them by whatever carries them, and takes replies apart. */
import { MessageReader, MessageWriter, makeMessage, NinePType, ninePHeader } from '../ninep/message.ts';

export type NinePTransport = (message: Uint8Array) => Promise<Uint8Array>;

/** A reply: an error number, or its fields. */
export type NinePReply =
  | { readonly errno: number }
  | { readonly errno: undefined; readonly body: MessageReader; readonly bytes: Uint8Array };

export class NinePClient {
  readonly #transport: NinePTransport;
  #tag = 0;

  constructor(transport: NinePTransport) {
    this.#transport = transport;
  }

  async request(type: number, fields: (writer: MessageWriter) => MessageWriter): Promise<NinePReply> {
    this.#tag = (this.#tag + 1) & 0x7fff;
    const reply = await this.#transport(makeMessage(type, this.#tag, fields(new MessageWriter()).finish()));
    const header = new MessageReader(reply);
    const [length, kind, tag] = [header.u32(), header.u8(), header.u16()];
    if (length !== reply.length || tag !== this.#tag) throw new Error('not a reply to the request');
    if (kind === NinePType.lerror + 1) return { errno: header.u32() };
    if (kind !== type + 1) throw new Error(`a reply of type ${kind} to a request of type ${type}`);
    const bytes = reply.subarray(ninePHeader.size);
    return { errno: undefined, body: new MessageReader(bytes), bytes };
  }

  version(size = 8192, name = '9P2000.L'): Promise<NinePReply> {
    return this.request(NinePType.version, (writer) => writer.u32(size).string(name));
  }

  attach(fid: number): Promise<NinePReply> {
    return this.request(NinePType.attach, (writer) =>
      writer.u32(fid).u32(0xffff_ffff).string('').string('').u32(0),
    );
  }

  walk(fid: number, newFid: number, ...names: readonly string[]): Promise<NinePReply> {
    return this.request(NinePType.walk, (writer) =>
      names.reduce((all, name) => all.string(name), writer.u32(fid).u32(newFid).u16(names.length)),
    );
  }

  /** Negotiates, and attaches fid 0 to the root. */
  async mount(size?: number): Promise<void> {
    for (const reply of [await this.version(size), await this.attach(0)]) {
      if (reply.errno !== undefined) throw new Error(`cannot mount: ${reply.errno}`);
    }
  }

  lopen(fid: number, flags = 0): Promise<NinePReply> {
    return this.request(NinePType.lopen, (writer) => writer.u32(fid).u32(flags));
  }

  lcreate(fid: number, name: string, flags = 2, mode = 0o644): Promise<NinePReply> {
    return this.request(NinePType.lcreate, (writer) =>
      writer.u32(fid).string(name).u32(flags).u32(mode).u32(0),
    );
  }

  mkdir(fid: number, name: string): Promise<NinePReply> {
    return this.request(NinePType.mkdir, (writer) => writer.u32(fid).string(name).u32(0o755).u32(0));
  }

  symlink(fid: number, name: string, target: string): Promise<NinePReply> {
    return this.request(NinePType.symlink, (writer) => writer.u32(fid).string(name).string(target).u32(0));
  }

  read(fid: number, offset: number | bigint, count: number): Promise<NinePReply> {
    return this.request(NinePType.read, (writer) => writer.u32(fid).u64(BigInt(offset)).u32(count));
  }

  write(fid: number, offset: number | bigint, bytes: Uint8Array): Promise<NinePReply> {
    return this.request(NinePType.write, (writer) =>
      writer.u32(fid).u64(BigInt(offset)).u32(bytes.length).bytes(bytes),
    );
  }

  unlinkat(fid: number, name: string, flags = 0): Promise<NinePReply> {
    return this.request(NinePType.unlinkat, (writer) => writer.u32(fid).string(name).u32(flags));
  }

  renameat(fid: number, name: string, newFid: number, newName: string): Promise<NinePReply> {
    return this.request(NinePType.renameat, (writer) =>
      writer.u32(fid).string(name).u32(newFid).string(newName),
    );
  }

  /** A request whose only field is a fid. */
  simple(type: number, fid: number): Promise<NinePReply> {
    return this.request(type, (writer) => writer.u32(fid));
  }

  getattr(fid: number): Promise<NinePReply> {
    return this.request(NinePType.getattr, (writer) => writer.u32(fid).u64(0x7ffn));
  }

  /** All entries of a directory that is open, in pieces of `count` bytes. */
  async readdir(fid: number, count = 4000): Promise<readonly { name: string; type: number }[]> {
    const entries: { name: string; type: number }[] = [];
    for (let offset = 0n; ; ) {
      const start = offset;
      const reply = await this.request(NinePType.readdir, (writer) => writer.u32(fid).u64(start).u32(count));
      if (reply.errno !== undefined) throw new Error(`readdir: ${reply.errno}`);
      const end = reply.body.u32();
      if (end === 0) return entries;
      const data = new MessageReader(reply.body.bytes(end));
      for (let at = 0; at < end; ) {
        data.bytes(13);
        offset = data.u64();
        const [type, name] = [data.u8(), data.string()];
        entries.push({ name, type });
        at += 13 + 8 + 1 + 2 + new TextEncoder().encode(name).length;
      }
    }
  }
}

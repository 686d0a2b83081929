/** Channel paths (Principles of Operation, chapter 13, "Channel Paths", and chapter 15, "Path-Management Control"). */

export interface ChannelPathDescription {
  readonly cssid: number;
  /** The channel-path identification, 0 to 255. */
  readonly chpid: number;
  /** The type, as STORE CHANNEL-PATH DESCRIPTION tells it. Default: an emulated path. */
  readonly type?: number;
  /** The physical channel behind it. */
  readonly channel?: number;
}

/** The type of a path that exists only here. */
const EMULATED = 0x32;

export class ChannelPath {
  readonly cssid: number;
  readonly chpid: number;
  readonly type: number;
  readonly channel: number;
  /** It is configured and online. */
  available = true;
  /** Devices can be reached by it. */
  operational = true;

  constructor({ cssid, chpid, type = EMULATED, channel = 0 }: ChannelPathDescription) {
    if (chpid < 0 || chpid > 255) throw new RangeError(`there is no channel path ${chpid}`);
    this.cssid = cssid;
    this.chpid = chpid;
    this.type = type;
    this.channel = channel;
  }
}

/** The paths of all channel subsystems. */
export class ChannelPaths {
  readonly #paths = new Map<number, ChannelPath>();

  add(description: ChannelPathDescription): ChannelPath {
    const path = new ChannelPath(description);
    if (this.find(path.cssid, path.chpid)) throw new RangeError(`two channel paths ${path.chpid}`);
    this.#paths.set(key(path.cssid, path.chpid), path);
    return path;
  }

  find(cssid: number, chpid: number): ChannelPath | undefined {
    return this.#paths.get(key(cssid, chpid));
  }

  /** The paths of a channel subsystem from one identification to another, in ascending order. */
  range(cssid: number, first: number, last: number): readonly ChannelPath[] {
    return this.all()
      .filter((path) => path.cssid === cssid && path.chpid >= first && path.chpid <= last)
      .sort((one, other) => one.chpid - other.chpid);
  }

  all(): readonly ChannelPath[] {
    return [...this.#paths.values()];
  }
}

function key(cssid: number, chpid: number): number {
  return (cssid << 8) | chpid;
}

/** The bit in a path mask of a subchannel's path, by its place among the eight. */
export function pathBit(index: number): number {
  return 0x80 >> index;
}

/** The path mask of those paths that a condition holds for. */
export function pathMask(paths: readonly ChannelPath[], condition: (path: ChannelPath) => boolean): number {
  return paths.reduce((mask, path, index) => (condition(path) ? mask | pathBit(index) : mask), 0);
}

/** The paths of a mask, in the order in which they are tried: the one after the last used first. */
export function rotation(mask: number, lastUsed: number): readonly number[] {
  const indexes = Array.from({ length: 8 }, (_, index) => index).filter((index) => mask & pathBit(index));
  const last = lastUsed === 0 ? -1 : Math.clz32(lastUsed) - 24;
  return [...indexes.filter((index) => index > last), ...indexes.filter((index) => index <= last)];
}

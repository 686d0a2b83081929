/** Commands of the network device's control queue (Virtual I/O Device 1.3, section 5.1.6.5). */
import type { ByteOrder } from '../byte-order.ts';
import { features } from '../device/feature.ts';
import { ControlClass, MAC_SIZE, MacCommand, NetFeature, RxMode, VlanCommand } from './net-layout.ts';
import type { ReceiveFilter } from './receive-filter.ts';

/** What a driver can switch off again. */
const guestOffloads = [NetFeature.guestChecksum, NetFeature.guestTso4, NetFeature.guestTso6];

/** What commands act on. */
export interface NetControl {
  readonly filter: ReceiveFilter;
  readonly maximumPairs: number;
  has(feature: number): boolean;
  setMac(mac: Uint8Array): void;
  acknowledgeAnnounce(): void;
  setPairs(pairs: number): void;
  /** @param offloads - Feature bits. */
  setOffloads(offloads: bigint): void;
}

/**
 * Carries out a command.
 *
 * @param command - Class, command and what is specific to them.
 * @returns Whether it succeeded.
 */
export function controlCommand(control: NetControl, command: Uint8Array, order: ByteOrder): boolean {
  const [kind, code = 0] = command;
  const content = command.subarray(2);
  const data = new DataView(content.buffer, content.byteOffset, content.length);
  const { littleEndian } = order;
  switch (kind) {
    case ControlClass.rx: {
      const feature = code <= RxMode.allMulticast ? NetFeature.controlRx : NetFeature.controlRxExtra;
      return control.has(feature) && content.length === 1 && control.filter.setMode(code, content[0] !== 0);
    }
    case ControlClass.mac:
      return setAddresses(control, code, content, order);
    case ControlClass.vlan: {
      if (!control.has(NetFeature.controlVlan) || content.length !== 2) return false;
      if (code !== VlanCommand.add && code !== VlanCommand.delete) return false;
      return control.filter.setVlan(data.getUint16(0, littleEndian), code === VlanCommand.add);
    }
    case ControlClass.announce:
      if (!control.has(NetFeature.guestAnnounce) || code !== 0) return false;
      control.acknowledgeAnnounce();
      return true;
    case ControlClass.multiqueue: {
      if (!control.has(NetFeature.multiqueue) || code !== 0 || content.length !== 2) return false;
      const pairs = data.getUint16(0, littleEndian);
      if (pairs < 1 || pairs > control.maximumPairs) return false;
      control.setPairs(pairs);
      return true;
    }
    case ControlClass.guestOffloads: {
      if (!control.has(NetFeature.controlGuestOffloads) || code !== 0 || content.length !== 8) return false;
      const offloads = data.getBigUint64(0, littleEndian);
      const negotiated = features(...guestOffloads.filter((feature) => control.has(feature)));
      if ((offloads & ~negotiated) !== 0n) return false;
      control.setOffloads(offloads);
      return true;
    }
    default:
      return false;
  }
}

function setAddresses(control: NetControl, code: number, content: Uint8Array, order: ByteOrder): boolean {
  if (code === MacCommand.addressSet) {
    if (!control.has(NetFeature.controlMac) || content.length !== MAC_SIZE) return false;
    control.setMac(content);
    return true;
  }
  if (code !== MacCommand.tableSet || !control.has(NetFeature.controlRx)) return false;
  const unicast = addressTable(content, 0, order);
  const multicast = unicast && addressTable(content, unicast.end, order);
  if (!multicast || multicast.end !== content.length) return false;
  control.filter.setTables(unicast.addresses, multicast.addresses);
  return true;
}

function addressTable(content: Uint8Array, at: number, { littleEndian }: ByteOrder) {
  if (content.length - at < 4) return undefined;
  const count = new DataView(content.buffer, content.byteOffset + at).getUint32(0, littleEndian);
  const end = at + 4 + MAC_SIZE * count;
  if (end > content.length) return undefined;
  const addresses = Array.from({ length: count }, (_, i) => {
    const start = at + 4 + MAC_SIZE * i;
    return content.slice(start, start + MAC_SIZE);
  });
  return { addresses, end };
}

/**
 * CHANNEL SUBSYSTEM CALL: commands that describe the channel subsystem and switch its facilities on
 * (Linux drivers/s390/cio/chsc.c, QEMU target/s390x/ioinst.c).
 */
import { ChscCommand, ChscResponse, chsc } from '@zarch/arch';
import { setAdapterDeviceControls } from './chsc/adapter-device-controls.ts';
import { setChannelMeasurement, storeMeasurementCharacteristics } from './chsc/channel-measurement.ts';
import { storeChannelPathDescription } from './chsc/channel-path-description.ts';
import { storeCharacteristics } from './chsc/characteristics.ts';
import type { ChscTarget, Command } from './chsc/command.ts';
import { setDomainAttributes } from './chsc/domain-attributes.ts';
import { storeEventInformation } from './chsc/event-information.ts';
import { storeSubchannelDescription } from './chsc/subchannel-description.ts';

const commands: ReadonlyMap<number, Command> = new Map([
  [ChscCommand.storeChannelPathDescription, storeChannelPathDescription],
  [ChscCommand.storeSubchannelDescription, storeSubchannelDescription],
  [ChscCommand.storeEventInformation, storeEventInformation],
  [ChscCommand.storeChannelSubsystemCharacteristics, storeCharacteristics],
  [ChscCommand.setChannelMeasurement, setChannelMeasurement],
  [ChscCommand.setAdapterDeviceControls, setAdapterDeviceControls],
  [ChscCommand.storeChannelMeasurementCharacteristics, storeMeasurementCharacteristics],
  [ChscCommand.setDomainAttributes, setDomainAttributes],
]);

/**
 * Executes the command.
 *
 * @param block - The 4096-byte command block.
 * @returns The response, to be stored after the request, or undefined for a length that causes an operand exception.
 */
export function channelSubsystemCall(
  block: Uint8Array,
  target: ChscTarget,
): { readonly offset: number; readonly response: Uint8Array } | undefined {
  const request = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const offset = request.getUint16(chsc.length);
  if (offset < chsc.minimumLength || offset > chsc.maximumLength || offset % 8 !== 0) return undefined;
  const execute = commands.get(request.getUint16(chsc.code));
  const { code, parameter, data } = execute?.(request, target) ?? { code: ChscResponse.unknownCommand };

  const size = Math.min(chsc.size + (data?.length ?? 0), chsc.blockSize - offset);
  const response = new Uint8Array(size);
  const header = new DataView(response.buffer);
  header.setUint16(chsc.length, size);
  header.setUint16(chsc.code, code);
  header.setUint32(4, parameter ?? 0);
  response.set(data?.subarray(0, size - chsc.size) ?? [], chsc.size);
  return { offset, response };
}

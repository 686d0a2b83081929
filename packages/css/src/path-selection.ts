/** Which channel path a function uses (Principles of Operation, chapter 15, "Path Management"). */
import { ScswFlag } from '@zarch/arch';
import { type ChannelPath, pathBit, rotation } from './channel-paths.ts';
import type { SubchannelInformation } from './subchannel-information.ts';

/**
 * Tries the available paths of the logical-path mask in turn, and notes which are not operational.
 *
 * @returns Whether one was found; it is then the last path used.
 */
export function selectPath(
  information: SubchannelInformation,
  paths: readonly ChannelPath[],
  available: number,
): boolean {
  const candidates = rotation(information.logicalPathMask & available, information.lastPathUsedMask);
  const index = candidates.find((at) => tryPath(information, paths[at], pathBit(at)));
  if (index === undefined) return false;
  information.lastPathUsedMask = pathBit(index);
  return true;
}

function tryPath(information: SubchannelInformation, path: ChannelPath | undefined, bit: number): boolean {
  if (path?.operational === true) {
    information.pathNotOperationalMask &= ~bit;
    information.pathOperationalMask |= bit;
    return true;
  }
  information.pathNotOperationalMask |= bit;
  information.pathOperationalMask &= ~bit;
  information.changeControl(0, ScswFlag.pathNotOperational);
  return false;
}

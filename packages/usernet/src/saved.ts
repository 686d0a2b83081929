/** Reading saved state back. */
import type { Payload } from '@zarch/arch';

/** @throws {RangeError} When another kind of object, or another version, wrote it. */
export function restored<Data>(state: Payload, name: string, version: number): Data {
  if (state.name !== name || state.version !== version)
    throw new RangeError(`${name} cannot restore version ${state.version} of ${state.name}`);
  return state.data as Data;
}

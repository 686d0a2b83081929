/**
 * The state of one object, as saved and restored: plain data that survives structured cloning.
 *
 * `name` says which kind of object wrote it and `version` in which form; an object refuses what it cannot read.
 */
export interface Payload<Data = unknown> {
  readonly name: string;
  readonly version: number;
  readonly data: Data;
}

/**
 * The memory barrier between device and driver, for guests whose CPUs run in other threads (Virtual I/O Device 1.3,
 * sections 2.7.13 and 2.8.21).
 *
 * `StorageView` reads and writes storage with plain accesses, so order comes from here and from nowhere else. A ring
 * needs it at four places, each marked by a call:
 *
 * - between seeing that a descriptor is available and reading it,
 * - between writing a used element and publishing it,
 * - between publishing used elements and reading whether the driver wants an interrupt,
 * - between asking for notifications and looking once more whether descriptors have become available.
 *
 * Host engines make a sequentially consistent read-modify-write a full barrier on x86. On arm64 it orders what comes
 * before and after it except an earlier plain store with a later plain load, which the last two places need: there,
 * devices and CPUs share a thread until storage has ordered accesses.
 */
const word = new Int32Array(new SharedArrayBuffer(4));

export function fence(): void {
  Atomics.exchange(word, 0, 0);
}

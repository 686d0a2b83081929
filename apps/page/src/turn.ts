/** The next turn of a thread's event loop. Browsers put off timers by milliseconds, but not messages. */

/** A function that has `work` done in a later turn, once for each call. */
export function turns(work: () => void): () => void {
  const { port1, port2 } = new MessageChannel();
  port2.onmessage = work;
  return () => port1.postMessage(undefined);
}

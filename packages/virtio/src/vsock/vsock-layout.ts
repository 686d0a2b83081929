/** Layouts of the socket device (Virtual I/O Device 1.3, section 5.10). All of it is little-endian. */

export const VsockFeature = { stream: 0 } as const;

export const vsockQueues = { receive: 0, transmit: 1, event: 2 } as const;

/** Context identifiers: the host's, and the first that a guest can have. */
export const HOST_CID = 2n;
export const FIRST_GUEST_CID = 3n;

export const VsockType = { stream: 1 } as const;

export const VsockOperation = {
  request: 1,
  response: 2,
  reset: 3,
  shutdown: 4,
  data: 5,
  creditUpdate: 6,
  creditRequest: 7,
} as const;

/** Flags of a shutdown: the sender will not receive, or not send, any more. */
export const ShutdownFlag = { receive: 1, send: 2 } as const;

/** The event after which no connection is left. */
export const TRANSPORT_RESET = 0;

export const VSOCK_HEADER_SIZE = 44;

/** A packet's header. */
export interface VsockHeader {
  readonly sourceCid: bigint;
  readonly targetCid: bigint;
  readonly sourcePort: number;
  readonly targetPort: number;
  readonly length: number;
  readonly type: number;
  readonly operation: number;
  readonly flags: number;
  /** Bytes that the sender keeps for the connection at most. */
  readonly bufferSize: number;
  /** Bytes that the sender took out of that buffer so far, modulo 2^32. */
  readonly forwarded: number;
}

export function readVsockHeader(bytes: Uint8Array): VsockHeader {
  const data = new DataView(bytes.buffer, bytes.byteOffset, VSOCK_HEADER_SIZE);
  return {
    sourceCid: data.getBigUint64(0, true),
    targetCid: data.getBigUint64(8, true),
    sourcePort: data.getUint32(16, true),
    targetPort: data.getUint32(20, true),
    length: data.getUint32(24, true),
    type: data.getUint16(28, true),
    operation: data.getUint16(30, true),
    flags: data.getUint32(32, true),
    bufferSize: data.getUint32(36, true),
    forwarded: data.getUint32(40, true),
  };
}

export function writeVsockHeader(header: VsockHeader): Uint8Array<ArrayBuffer> {
  const data = new DataView(new ArrayBuffer(VSOCK_HEADER_SIZE));
  data.setBigUint64(0, header.sourceCid, true);
  data.setBigUint64(8, header.targetCid, true);
  data.setUint32(16, header.sourcePort, true);
  data.setUint32(20, header.targetPort, true);
  data.setUint32(24, header.length, true);
  data.setUint16(28, header.type, true);
  data.setUint16(30, header.operation, true);
  data.setUint32(32, header.flags, true);
  data.setUint32(36, header.bufferSize, true);
  data.setUint32(40, header.forwarded, true);
  return new Uint8Array(data.buffer);
}

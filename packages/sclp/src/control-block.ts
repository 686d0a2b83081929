/** A copy of a service-call control block that a command works on, so that a program cannot change it meanwhile. */
import { SCCB_VARIABLE_LENGTH_RESPONSE, sccbHeader } from '@zarch/arch';

export class ControlBlock {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly data: DataView;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes;
    this.data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes that the program gave. */
  get room(): number {
    return this.bytes.length;
  }

  get functionCode(): number {
    return this.data.getUint8(sccbHeader.functionCode);
  }

  /** Whether the response may change the length of the block. */
  get variableLengthResponse(): boolean {
    return (this.data.getUint8(sccbHeader.controlMask) & SCCB_VARIABLE_LENGTH_RESPONSE) !== 0;
  }

  set variableLengthResponse(value: boolean) {
    const mask = this.data.getUint8(sccbHeader.controlMask) & ~SCCB_VARIABLE_LENGTH_RESPONSE;
    this.data.setUint8(sccbHeader.controlMask, value ? mask | SCCB_VARIABLE_LENGTH_RESPONSE : mask);
  }

  set length(value: number) {
    this.data.setUint16(sccbHeader.length, value);
  }

  get responseCode(): number {
    return this.data.getUint16(sccbHeader.responseCode);
  }

  set responseCode(code: number) {
    this.data.setUint16(sccbHeader.responseCode, code);
  }
}

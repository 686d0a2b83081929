/** Control-program identification (event type 0x0b): the program says what it is (Linux sclp_cpi_sys.c). */
import { type Payload, SclpEvent, SclpResponse } from '@zarch/arch';
import { ebcdicText } from './ebcdic.ts';
import { type EventBuffer, type EventDevice, payloadData } from './event-device.ts';

/** Offsets after the event buffer's header. */
const layout = { systemType: 2, systemName: 18, systemLevel: 34, sysplexName: 50, size: 74 } as const;
const NAME_LENGTH = 8;
const VERSION = 1;

export interface ControlProgram {
  readonly systemType: string;
  readonly systemName: string;
  /** Its meaning depends on the system; for Linux, a flag byte and the kernel's version. */
  readonly systemLevel: bigint;
  readonly sysplexName: string;
}

export class ControlProgramIdentification implements EventDevice {
  readonly name = 'sclp-control-program-identification';
  readonly receives = [SclpEvent.controlProgramIdentification];
  readonly sends: readonly number[] = [];
  #program: ControlProgram | undefined;

  /** What the program last said it is; undefined before it did. */
  get program(): ControlProgram | undefined {
    return this.#program;
  }

  connect(): void {}

  write(event: EventBuffer): number {
    const { content } = event;
    if (content.length < layout.size) return SclpResponse.inconsistentLengths;
    const name = (at: number) => ebcdicText(content.subarray(at, at + NAME_LENGTH));
    this.#program = {
      systemType: name(layout.systemType),
      systemName: name(layout.systemName),
      systemLevel: new DataView(content.buffer, content.byteOffset).getBigUint64(layout.systemLevel),
      sysplexName: name(layout.sysplexName),
    };
    event.accepted = true;
    return SclpResponse.normalCompletion;
  }

  pending(): boolean {
    return false;
  }

  take(): undefined {
    return undefined;
  }

  reset(): void {
    this.#program = undefined;
  }

  save(): Payload {
    return { name: this.name, version: VERSION, data: { program: this.#program } };
  }

  restore(state: Payload): void {
    this.#program = payloadData<{ program: ControlProgram | undefined }>(state, this.name, VERSION).program;
  }
}

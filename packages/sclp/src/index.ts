export type { ControlProgram } from './control-program-identification.ts';
export { type CodePage, ebcdicField, ebcdicText, fromEbcdic, toEbcdic } from './ebcdic.ts';
export { EventBuffer, type EventDevice, makeEvent, payloadData } from './event-device.ts';
export { LineModeConsole, type LineModeConsoleOptions } from './line-mode-console.ts';
export { Sclp, type SclpHost, type ServiceCallResult } from './sclp.ts';
export { instructionBlocking, type SclpCpu, type SclpMachine } from './scp-info.ts';
export { Vt220Console, type Vt220ConsoleOptions } from './vt220-console.ts';

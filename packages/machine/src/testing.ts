/** Programs that a machine can load, for tests of whatever runs machines. */
export { elfFile, elfProgram } from './testing/elf.ts';
export { HELLO_SOURCE } from './testing/hello.ts';

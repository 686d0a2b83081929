/** What `-d` can log. */
export const LOG_ITEMS = [
  { name: 'cpu_reset', description: 'the start of the program, after each reset' },
  { name: 'guest_errors', description: 'what the guest does wrong' },
  { name: 'unimp', description: 'what the guest asks for and zarch does not have' },
  { name: 'in_asm', description: 'each instruction, the first time its address is executed (slow)' },
  { name: 'exec', description: 'every instruction (slow)' },
  { name: 'cpu', description: 'every instruction and the registers it changes (slow)' },
  { name: 'int', description: 'program, supervisor-call and timer interruptions (slow)' },
  { name: 'exit', description: 'every exit from a vCPU to the machine' },
] as const;

export type LogItem = (typeof LOG_ITEMS)[number]['name'];

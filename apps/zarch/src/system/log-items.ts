/** What `-d` can log. */
export const LOG_ITEMS = [
  { name: 'cpu_reset', description: 'the start of the program, after each reset' },
  { name: 'guest_errors', description: 'what the guest does wrong' },
  { name: 'unimp', description: 'what the guest asks for and zarch does not have' },
  { name: 'exit', description: 'every exit from a vCPU to the machine' },
] as const;

export type LogItem = (typeof LOG_ITEMS)[number]['name'];

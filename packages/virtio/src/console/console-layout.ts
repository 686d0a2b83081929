/** Layouts of the console device (Virtual I/O Device 1.3, section 5.3). */

export const ConsoleFeature = { size: 0, multiport: 1, emergencyWrite: 2 } as const;

/** Offsets in the configuration space. */
export const consoleConfig = { columns: 0, rows: 2, maximumPorts: 4, emergencyWrite: 8, size: 12 } as const;

/** Offsets in a control message. What belongs to an event follows. */
export const consoleControl = { port: 0, event: 4, value: 6, size: 8 } as const;

export const ConsoleEvent = {
  deviceReady: 0,
  portAdd: 1,
  portRemove: 2,
  portReady: 3,
  consolePort: 4,
  resize: 5,
  portOpen: 6,
  portName: 7,
} as const;

/** Numbers of the queues: those of port 0 come before those for control, the other ports' after them. */
export const controlQueues = { receive: 2, transmit: 3 } as const;

export function portQueues(port: number): { readonly receive: number; readonly transmit: number } {
  const receive = port === 0 ? 0 : 2 * port + 2;
  return { receive, transmit: receive + 1 };
}

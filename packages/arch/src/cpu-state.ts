/** CPU states (Principles of Operation, chapter 4, "Stopped, Operating, Load, and Check-Stop States"). */
export const CpuState = { notOperational: 0, stopped: 1, operating: 2, checkStop: 3, load: 4 } as const;

export type CpuState = (typeof CpuState)[keyof typeof CpuState];

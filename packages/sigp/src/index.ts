export { type EmergencyCondition, takesConditionalEmergency } from './conditional-emergency.ts';
export { CpuStates, type PendingOrder } from './cpu-states.ts';
export {
  type Signal,
  type SignalEnvironment,
  type SignalResult,
  signalProcessor,
} from './signal-processor.ts';

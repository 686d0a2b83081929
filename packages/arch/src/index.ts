export {
  type AbsoluteAddress,
  absolute,
  applyPrefix,
  type LogicalAddress,
  logical,
  PAGE_SIZE,
  PREFIX_AREA_SIZE,
  type RealAddress,
  real,
} from './address.ts';
export { CcwCommand, CcwFlag, ccw0, ccw1, idaw, MidawFlag, midaw } from './ccw.ts';
export {
  CHSC_CHARACTERISTICS,
  ChannelEventContent,
  ChscCharacteristic,
  ChscCommand,
  ChscResponse,
  channelEvent,
  channelPathDescription,
  chsc,
  DomainAttribute,
  GeneralCharacteristic,
  subchannelDescription,
} from './chsc.ts';
export { ASCE, CR0, CR6, CR14 } from './control-register.ts';
export { CpuState } from './cpu-state.ts';
export { Crw, CrwRecovery, CrwSource, channelReportWord } from './crw.ts';
export { ExternalInterruption } from './external-interruption.ts';
export { adapterInterruptionCode, IoIdentification, ioInterruption } from './io-interruption.ts';
export { ECW_SIZE, ExtendedReport, emw, irbField, SubchannelLogout } from './irb.ts';
export { Lowcore } from './lowcore.ts';
export { MachineCheck } from './machine-check.ts';
export { measurementBlock0, measurementBlock1 } from './measurement-block.ts';
export { OrbControl, OrbControl1, orb } from './orb.ts';
export type { Payload } from './payload.ts';
export { nullifyingInterruptions, ProgramInterruption } from './program-interruption.ts';
export { AddressSpaceControl, PSW, PSW_SHIFT } from './psw.ts';
export {
  CpuType,
  cpuEntry,
  cpuFeature,
  cpuInfo,
  EVENT_BUFFER_ACCEPTED,
  eventBuffer,
  eventMask,
  eventMaskBit,
  gds,
  mdb,
  SCCB_VARIABLE_LENGTH_RESPONSE,
  SCLP_COMMAND_CODE,
  SccbFunction,
  SclpCommand,
  SclpEvent,
  SclpFacility,
  SclpResponse,
  sccbHeader,
  scpCharacteristic,
  scpInfo,
} from './sccb.ts';
export { irb, PmcwCharacteristic, PmcwFlag, schib, subsystemId } from './schib.ts';
export {
  ActivityControl,
  DeviceStatus,
  FunctionControl,
  ScswFlag,
  StatusControl,
  SubchannelStatus,
  scsw,
} from './scsw.ts';
export { CIW_LIMIT, CiwType, SENSE_SIZE, Sense0, senseId } from './sense-id.ts';
export { SigpOrder, SigpStatus } from './sigp-order.ts';
export {
  CpuFlag,
  InterceptionCode,
  InterceptionControl,
  lctlBit,
  StateDescription,
} from './state-description.ts';

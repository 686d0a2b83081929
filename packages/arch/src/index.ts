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
export { ASCE, CR0 } from './control-register.ts';
export { nullifyingInterruptions, ProgramInterruption } from './program-interruption.ts';
export { AddressSpaceControl, PSW, PSW_SHIFT } from './psw.ts';

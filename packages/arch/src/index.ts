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

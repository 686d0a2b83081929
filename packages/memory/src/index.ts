export { type AccessRegisterTranslation, NO_ACCESS_REGISTER } from './access.ts';
export {
  type AccessRegisterContext,
  FETCH_ONLY,
  translateAccessRegister,
} from './access-register-translation.ts';
export { CodeFrame, CodeFrames } from './code-frames.ts';
export { hasCodeAt, noteStore } from './code-stores.ts';
export { loadControl } from './control-register.ts';
export { defineTranslate, pageEntry, type TranslateFunction, tableEntry, translationFlag } from './dat.ts';
export { AbsoluteStorage, type GuestStorage, storageKey } from './guest-storage.ts';
export { HostStorage } from './host-storage.ts';
export { defineMmu, type Mmu } from './mmu.ts';
export {
  ACCESS_RECORD_SIZE,
  ACCESS_RECORDS,
  CODE_WRITE,
  CONTEXT_SLOTS,
  CodeWrite,
  controlRegister,
  HELD,
  HELD_PAGES,
  Hold,
  mmuFacility,
  mmuLayout,
  STATE_DESCRIPTION_SIZE,
  stateField,
  TLB_ENTRIES,
  TLB_ENTRY_SIZE,
  UNCACHED,
} from './mmu-layout.ts';
export { accessMode, applyPrefix } from './resolve.ts';
export { instructionLength } from './slow-paths.ts';
export { StorageView } from './storage-view.ts';
export { Access, tlbOf, tlbOffset } from './tlb.ts';

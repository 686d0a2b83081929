/**
 * Instructions that always leave interpretive execution: the hypervisor does them, with what it knows of the
 * machine. They are checked for privilege here, as interpretive execution does before it intercepts.
 */
import type { DefinitionTable } from '../semantics.ts';

/** By what they are about. */
export const interceptedInstructions = {
  io: [
    ...[
      'csch',
      'hsch',
      'msch',
      'ssch',
      'stsch',
      'tsch',
      'tpi',
      'sal',
      'rsch',
      'stcrw',
      'stcps',
      'rchp',
      'schm',
    ],
    ...['xsch', 'chsc', 'siga'],
  ],
  service: ['servc'],
  signal: ['sigp'],
  configuration: [
    'stsi',
    'stfl',
    'stidp',
    'stap',
    'spx',
    'stpx',
    'sck',
    'sckpf',
    'tb',
    'ptf',
    'ecpga',
    'qctri',
  ],
  hypervisor: ['diag', 'essa', 'sthyi'],
  pci: ['clp', 'pcilg', 'pcistg', 'pcistb', 'rpcit', 'mpcifc', 'stpcifc', 'sic'],
  crypto: ['pqap', 'nqap', 'dqap'],
} as const;

export function defineIntercepted(table: DefinitionTable): void {
  for (const mnemonic of Object.values(interceptedInstructions).flat()) {
    table.define(mnemonic, (s) => {
      s.requireSupervisor();
      s.intercept();
    });
  }
}

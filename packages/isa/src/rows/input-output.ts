/**
 * I/O instructions, and the PCI and adjunct-processor instructions, which also reach devices.
 * Principles of Operation, "I/O Instructions"; names of the other two as in Linux.
 */
import { declare } from '../declare.ts';

/** Subchannels and channel paths. */
export const inputOutput = declare(
  'I/O',
  `
csch     b230   S     z900   -   priv -                  | clear subchannel
hsch     b231   S     z900   -   priv -                  | halt subchannel
msch     b232   S     z900   -   priv S2                 | modify subchannel
ssch     b233   S     z900   -   priv S2                 | start subchannel
stsch    b234   S     z900   -   priv S2                 | store subchannel
tsch     b235   S     z900   -   priv S2                 | test subchannel
tpi      b236   S     z900   -   priv S2                 | test pending interruption
sal      b237   S     z900   -   priv -                  | set address limit
rsch     b238   S     z900   -   priv -                  | resume subchannel
stcrw    b239   S     z900   -   priv S2                 | store channel report word
stcps    b23a   S     z900   -   priv S2                 | store channel path status
rchp     b23b   S     z900   -   priv -                  | reset channel path
schm     b23c   S     z900   -   priv -                  | set channel monitor
chsc     b25f   RRE   z900   -   priv R1:gr              | channel subsystem call
siga     b274   S     z900   -   priv S2                 | signal adapter (QDIO)
xsch     b276   S     z900   -   priv -                  | cancel subchannel
eqbs     b99c   RRF-a ?      -   priv R1:gr R2:gr R3:gr  | extract queue buffer state (QDIO)
sqbs     eb..8a RSY-a ?      -   priv R1:gr R3:gr S2     | set queue buffer state (QDIO)
`,
);

/** PCI functions. */
export const pci = declare(
  'PCI',
  `
clp      b9a0   RRF-c zEC12  69  priv R1:gr R2:gr M3     | call logical processor (PCI function)
pcistg   b9d0   RRE   zEC12  69  priv R1:gr R2:gr128     | PCI store (mapped-handle)
pcilg    b9d2   RRE   zEC12  69  priv R1:gr R2:gr128     | PCI load (mapped-handle)
rpcit    b9d3   RRE   zEC12  69  priv R1:gr R2:gr128     | refresh PCI translations
pcistgi  b9d4   RRE   z15    153 priv R1:gr R2:gr        | PCI store (MIO)
pciwb    b9d5   RRE   z15    153 priv -                  | PCI write barrier
pcilgi   b9d6   RRE   z15    153 priv R1:gr R2:gr        | PCI load (MIO)
mpcifc   e3..d0 RXY-a zEC12  69  priv R1:gr S2(X2)       | modify PCI function controls
stpcifc  e3..d4 RXY-a zEC12  69  priv R1:gr S2(X2)       | store PCI function controls
pcistb   eb..d0 RSY-a zEC12  69  priv R1:gr R3:gr S2     | PCI store block (mapped-handle)
sic      eb..d1 RSY-a zEC12  72  priv R1:gr R3:gr S2     | set interruption controls (AIS)
pcistbi  eb..d4 RSY-a z15    153 priv R1:gr R3:gr S2     | PCI store block (MIO)
`,
);

/** Adjunct-processor queues. */
export const adjunctProcessor = declare(
  'AP',
  `
nqap     b2ad   RRE   ?      -   priv R1:gr R2:gr        | AP enqueue message
dqap     b2ae   RRE   ?      -   priv R1:gr R2:gr        | AP dequeue message
pqap     b2af   RRE   ?      -   priv -                  | AP process queue function
`,
);

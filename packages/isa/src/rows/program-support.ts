/**
 * Transactional execution, guarded storage, CPU measurement and runtime instrumentation.
 * Principles of Operation, "General Instructions"; the measurement facilities as in
 * "The Load-Program-Parameter and the CPU-Measurement Facilities".
 */
import { declare } from '../declare.ts';

/** Transactional execution. */
export const transactionalExecution = declare(
  'TX',
  `
etnd     b2ec   RRE   zEC12  73  -    R1:gr32            | extract transaction nesting depth
tend     b2f8   S     zEC12  73  -    -                  | transaction end
tabort   b2fc   S     zEC12  73  -    S2                 | transaction abort
ntstg    e3..25 RXY-a zEC12  73  -    R1:gr64 S2(X2)     | nontransactional store
tbegin   e560   SIL   zEC12  73  -    S1 I2:u            | transaction begin (nonconstrained)
tbeginc  e561   SIL   zEC12  50  -    S1 I2:u            | transaction begin (constrained)
`,
);

/** Guarded storage. */
export const guardedStorage = declare(
  'guarded storage',
  `
llgfsg   e3..48 RXY-a z14    133 -    R1:gr64 S2(X2)     | load guarded (32-bit-shifted)
stgsc    e3..49 RXY-a z14    133 -    R1:gr64 S2(X2)     | store guarded-storage controls
lgg      e3..4c RXY-a z14    133 -    R1:gr64 S2(X2)     | load guarded (64-bit)
lgsc     e3..4d RXY-a z14    133 -    R1:gr64 S2(X2)     | load guarded-storage controls
`,
);

/** CPU-measurement counter and sampling facilities. */
export const cpuMeasurement = declare(
  'CPU measurement',
  `
lcctl    b284   S     z10    67  priv S2                 | load CPU-counter-set controls
lpctl    b285   S     z10    67  priv S2                 | load peripheral-counter-set controls
qsi      b286   S     z10    68  priv S2                 | query sampling information
lsctl    b287   S     z10    68  priv S2                 | load sampling controls
qctri    b28e   S     z10    67  priv S2                 | query counter information
qpaci    b28f   S     z16    196 priv S2                 | query processor-activity counter information
scctr    b2e0   RRE   z10    67  priv R1:gr64 R2:gr64    | set CPU counter
spctr    b2e1   RRE   z10    67  priv R1:gr64 R2:gr64    | set peripheral counter
ecctr    b2e4   RRE   z10    67  semi R1:gr64 R2:gr64    | extract CPU counter
epctr    b2e5   RRE   z10    67  semi R1:gr64 R2:gr64    | extract peripheral counter
ecpga    b2ed   RRE   z10    67  semi R1:gr32 R2:gr64    | extract coprocessor-group address
stcctm   eb..17 RSY-b z13    142 semi R1:gr M3 S2        | store CPU counters multiple
`,
);

/** Runtime instrumentation. */
export const runtimeInstrumentation = declare(
  'runtime instrumentation',
  `
rinext   aa.0   RI-a  zEC12  64  ?    R1:gr I2:s         | runtime-instrumentation next
rion     aa.1   RI-a  zEC12  64  ?    R1:gr I2:s         | runtime-instrumentation on
tric     aa.2   RI-a  zEC12  64  ?    R1:gr I2:s         | test runtime-instrumentation controls
rioff    aa.3   RI-a  zEC12  64  ?    R1:gr I2:s         | runtime-instrumentation off
riemit   aa.4   RI-a  zEC12  64  ?    R1:gr I2:s         | runtime-instrumentation emit
lric     eb..60 RSY-b zEC12  64  ?    S2                 | load runtime-instrumentation controls
stric    eb..61 RSY-b zEC12  64  ?    S2                 | store runtime-instrumentation controls
mric     eb..62 RSY-b zEC12  64  ?    S2                 | modify runtime-instrumentation controls
`,
);

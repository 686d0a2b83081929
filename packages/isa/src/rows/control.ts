/**
 * Control instructions. Principles of Operation, "Control Instructions".
 * A semiprivileged instruction (`semi`) may run in the problem state if the program has the authority
 * that it checks.
 */
import { declare } from '../declare.ts';

export const control = declare(
  'control',
  `
pr       0101   E     z900   -   -    -                  | program return
ptff     0104   E     z9-109 28  cond -                  | perform timing facility function
sckpf    0107   E     z900   -   priv -                  | set clock programmable field
trap2    01ff   E     z900   -   -    -                  | trap to program (no-operand)
ssm      80     S     z900   -   priv S2                 | set system mask
lpsw     82     S     z900   -   priv S2                 | load PSW (8-byte)
diag     83     RS-a  z900   -   priv R1:gr32 R3:gr32 S2 | diagnose (model/hypervisor function)
trace    99     RS-a  z900   -   priv R1:gr32 R3:gr32 S2 | trace entry (32-bit)
stnsm    ac     SI    z900   -   priv S1 I2:u            | store then AND system mask
stosm    ad     SI    z900   -   priv S1 I2:u            | store then OR system mask
sigp     ae     RS-a  z900   -   priv R1:gr64 R3:gr64 S2 | signal processor
lra      b1     RX-a  z900   -   priv R1:gr64 S2(X2)     | load real address (12-bit-disp)
lbear    b200   S     z16    193 priv S2                 | load breaking-event-address register
stbear   b201   S     z16    193 priv S2                 | store breaking-event-address register
stidp    b202   S     z900   -   priv S2                 | store CPU ID
sck      b204   S     z900   -   priv S2                 | set clock
sckc     b206   S     z900   -   priv S2                 | set clock comparator
stckc    b207   S     z900   -   priv S2                 | store clock comparator
spt      b208   S     z900   -   priv S2                 | set CPU timer
stpt     b209   S     z900   -   priv S2                 | store CPU timer
spka     b20a   S     z900   -   semi S2                 | set PSW key from address
ipk      b20b   S     z900   -   semi -                  | insert PSW key
ptlb     b20d   S     z900   -   priv -                  | purge TLB
spx      b210   S     z900   -   priv S2                 | set prefix
stpx     b211   S     z900   -   priv S2                 | store prefix
stap     b212   S     z900   -   priv S2                 | store CPU address
sie      b214   S     z900   -   priv S2                 | start interpretive execution
pc       b218   S     z900   -   semi S2                 | program call
sac      b219   S     z900   -   semi S2                 | set address-space control
servc    b220   RRE   z900   -   priv R1:gr R2:gr        | SCLP service call
ipte     b221   RRF-a z900   -   priv R1:gr64 R2:gr32 R3:gr32? M4? | invalidate page table entry
ivsk     b223   RRE   z900   -   semi R1:gr32 R2:gr64    | insert virtual storage key
iac      b224   RRE   z900   -   semi R1:gr32            | insert address-space control
ssar     b225   RRE   z900   -   -    R1:gr32            | set secondary ASN
epar     b226   RRE   z900   -   semi R1:gr32            | extract primary ASN
esar     b227   RRE   z900   -   semi R1:gr32            | extract secondary ASN
pt       b228   RRE   z900   -   semi R1:gr32 R2:gr64    | program transfer
iske     b229   RRE   z900   -   priv R1:gr32 R2:gr64    | insert storage key extended
rrbe     b22a   RRE   z900   -   priv R1:gr32 R2:gr64    | reset reference bit extended
sske     b22b   RRF-c z900   -   priv R1:gr32 R2:gr64 M3? | set storage key extended
tb       b22c   RRE   z900   -   priv R1:gr64 R2:gr64    | test block usability
pgin     b22e   RRE   z900   -   priv R1:gr64 R2:gr64    | page in from expanded storage
pgout    b22f   RRE   z900   -   priv R1:gr64 R2:gr64    | page out to expanded storage
bakr     b240   RRE   z900   -   -    R1:gr64 R2:gr64    | branch and stack
stura    b246   RRE   z900   -   priv R1:gr32 R2:gr64    | store using real address (32-bit)
msta     b247   RRE   z900   -   -    R1:gr128           | modify stacked state
palb     b248   RRE   z900   -   priv -                  | purge ALB
ereg     b249   RRE   z900   -   -    R1:gr32 R2:gr32    | extract stacked registers (32-bit)
esta     b24a   RRE   z900   -   -    R1:gr128 R2:gr32   | extract stacked state
lura     b24b   RRE   z900   -   priv R1:gr32 R2:gr64    | load using real address (32-bit)
tar      b24c   RRE   z900   -   -    R1:ar R2:gr32      | test access (ALET)
csp      b250   RRE   z900   -   priv R1:gr128 R2:gr64   | compare and swap and purge TLB (32-bit)
mvpg     b254   RRE   z900   -   semi R1:gr64 R2:gr64    | move page
sthyi    b256   RRE   ?      74  priv R1:gr R2:gr        | store hypervisor information
bsg      b258   RRE   z900   -   -    R1:gr64 R2:gr64    | branch in subspace group
bsa      b25a   RRE   z900   -   semi R1:gr64 R2:gr64    | branch and set authority
rp       b277   S     z900   -   semi S2                 | resume program
sacf     b279   S     z900   -   semi S2                 | set address-space control fast
stsi     b27d   S     z900   -   priv S2                 | store system information
lpp      b280   S     z10    40  priv S2                 | load program parameter
stfl     b2b1   S     z900   -   priv S2                 | store facility list
lpswe    b2b2   S     z900   -   priv S2                 | load PSW (16-byte)
iucv     b2f0   S     ?      -   ?    -                  | inter-user communication vehicle (z/VM)
trap4    b2ff   S     z900   -   -    S2                 | trap to program (operand-address)
stctl    b6     RS-a  z900   -   priv R1:cr R3:cr S2     | store control registers (32-bit)
lctl     b7     RS-a  z900   -   priv R1:cr R3:cr S2     | load control registers (32-bit)
lurag    b905   RRE   z900   -   priv R1:gr64 R2:gr64    | load using real address (64-bit)
eregg    b90e   RRE   z900   -   -    R1:gr64 R2:gr64    | extract stacked registers (64-bit)
sturg    b925   RRE   z900   -   priv R1:gr64 R2:gr64    | store using real address (64-bit)
cspg     b98a   RRE   z990   3   priv R1:gr128 R2:gr64   | compare and swap and purge TLB (64-bit)
rdp      b98b   RRF-b z16    194 priv R1:gr64 R3:gr64 R2:gr64 M4? | reset DAT protection
idte     b98e   RRF-b z990   3   priv R1:gr64 R3:gr64 R2:gr64 M4? | invalidate DAT table entry
crdte    b98f   RRF-b zEC12  78  priv R1:gr128 R3:gr64 R2:gr128 M4? | compare and replace DAT table entry
epair    b99a   RRE   z990   6   semi R1:gr64            | extract primary ASN and instance
esair    b99b   RRE   z990   6   semi R1:gr64            | extract secondary ASN and instance
esea     b99d   RRE   z900   -   priv R1:gr32            | extract and set extended authority
pti      b99e   RRE   z990   6   semi R1:gr64 R2:gr64    | program transfer with instance
ssair    b99f   RRE   z990   6   -    R1:gr64            | set secondary ASN with instance
tpei     b9a1   RRE   z14    144 priv R1:gr64 R2:gr64    | test pending external interruption
ptf      b9a2   RRE   z10    11  priv R1:gr64            | perform topology function
uvc      b9a4   RRF-b z15    158 priv R1:gr R2:gr        | ultravisor call
lptea    b9aa   RRF-b z9-109 -   priv R1:gr64 R3:gr64 R2:gr64 M4 | load page-table-entry address
essa     b9ab   RRF-c z9-109 -   priv R1:gr R2:gr M3     | extract and set storage attributes (CMM)
irbm     b9ac   RRE   z14    145 priv R1:gr64 R2:gr64    | insert reference bits multiple
rrbm     b9ae   RRE   z196   66  priv R1:gr64 R2:gr64    | reset reference bits multiple
pfmf     b9af   RRE   z10    8   priv R1:gr32 R2:gr64    | perform frame management function
mvcos    c8.0   SSF   z9-109 27  semi S1 S2 R3:gr64      | move with optional specifications
mvck     d9     SS-d  z900   -   semi S1(R1) S2 R3:gr64  | move with key
mvcp     da     SS-d  z900   -   semi S1(R1) S2 R3:gr64  | move to primary space
mvcs     db     SS-d  z900   -   semi S1(R1) S2 R3:gr64  | move to secondary space
lrag     e3..03 RXY-a z900   -   priv R1:gr64 S2(X2)     | load real address (64-bit)
lray     e3..13 RXY-a z990   18  priv R1:gr64 S2(X2)     | load real address (20-bit-disp)
lasp     e500   SSE   z900   -   priv S1 S2              | load address-space parameters
tprot    e501   SSE   z900   -   priv S1 S2              | test protection
strag    e502   SSE   z900   -   priv S1 S2              | store real address
mvcsk    e50e   SSE   z900   -   semi S1 S2              | move with source key
mvcdk    e50f   SSE   z900   -   semi S1 S2              | move with destination key
tracg    eb..0f RSY-a z900   -   priv R1:gr64 R3:gr64 S2 | trace entry (64-bit)
stctg    eb..25 RSY-a z900   -   priv R1:cr R3:cr S2     | store control registers (64-bit)
lctlg    eb..2f RSY-a z900   -   priv R1:cr R3:cr S2     | load control registers (64-bit)
lpswey   eb..71 SIY   z16    193 priv S1                 | load PSW (16-byte, 20-bit-disp)
`,
);

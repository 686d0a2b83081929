/**
 * Extended mnemonics other than those with a condition in their name, one instruction a paragraph.
 * Principles of Operation, appendix "Assembler-Instruction Formats" and the notes of each instruction.
 *
 * `vfaezb:M4=0,M5|=2?` is the instruction with M4 fixed to 0; M5 may be left out, and 2 is ORed into it.
 * `notr:R3=R2` repeats an operand, `nop:S2?` makes one optional, and `adtra:all` makes none optional.
 */
export const aliasRows = `
bcr      nopr:R1=0,R2?
ldxr     lrdr
ledr     lrer
mder     mer
bc       nop:M1=0,S2?
mde      me
brxh     jxh
brxle    jxle
llill    llghi
tmlh     tmh
tmll     tml
brc      jc
bras     jas
brct     jct
brctg    jctg
cu21     cuutf
cu12     cutfu
ledbr    ledbra:all
ldxbr    ldxbra:all
lexbr    lexbra:all
fixbr    fixbra:all
fiebr    fiebra:all
fidbr    fidbra:all
cefbr    cefbra:all
cdfbr    cdfbra:all
cxfbr    cxfbra:all
cfebr    cfebra:all
cfdbr    cfdbra:all
cfxbr    cfxbra:all
cegbr    cegbra:all
cdgbr    cdgbra:all
cxgbr    cxgbra:all
cgebr    cgebra:all
cgdbr    cgdbra:all
cgxbr    cgxbra:all
mdtr     mdtra:all
ddtr     ddtra:all
adtr     adtra:all
sdtr     sdtra:all
mxtr     mxtra:all
dxtr     dxtra:all
axtr     axtra:all
sxtr     sxtra:all
cgdtr    cgdtra:all
cgxtr    cgxtra:all
cdgtr    cdgtra:all
cxgtr    cxgtra:all
prno     ppno
nogrk    notgr:R3=R2
nork     notr:R3=R2
brasl    jasl
iilf     lfi
llilf    llgfi
brcth    jcth
vllebrz  vllebrzh:M3=1 vllebrzf:M3=2 ldrv:M3=3 vllebrzg:M3=3 lerv:M3=6 vllebrze:M3=6
vlbrrep  vlbrreph:M3=1 vlbrrepf:M3=2 vlbrrepg:M3=3
vlbr     vlbrh:M3=1 vlbrf:M3=2 vlbrg:M3=3 vlbrq:M3=4
vler     vlerh:M3=1 vlerf:M3=2 vlerg:M3=3
vstebrg  stdrv:M3=0
vstebrf  sterv:M3=0
vstbr    vstbrh:M3=1 vstbrf:M3=2 vstbrg:M3=3 vstbrq:M3=4
vster    vsterh:M3=1 vsterf:M3=2 vsterg:M3=3
vschp    vschsp:M4=2 vschdp:M4=3 vschxp:M4=4
vllez    vllezb:M3=0 vllezh:M3=1 vllezf:M3=2 vllezg:M3=3 vllezlf:M3=6
vlrep    vlrepb:M3=0 vlreph:M3=1 vlrepf:M3=2 vlrepg:M3=3
vlgv     vlgvb:M4=0 vlgvh:M4=1 vlgvf:M4=2 vlgvg:M4=3
vlvg     vlvgb:M4=0 vlvgh:M4=1 vlvgf:M4=2 vlvgg:M4=3
vesl     veslb:M4=0 veslh:M4=1 veslf:M4=2 veslg:M4=3
verll    verllb:M4=0 verllh:M4=1 verllf:M4=2 verllg:M4=3
vesrl    vesrlb:M4=0 vesrlh:M4=1 vesrlf:M4=2 vesrlg:M4=3
vesra    vesrab:M4=0 vesrah:M4=1 vesraf:M4=2 vesrag:M4=3
vgbm     vzero:I2=0 vone:I2=65535
vrepi    vrepib:M3=0 vrepih:M3=1 vrepif:M3=2 vrepig:M3=3
vgm      vgmb:M4=0 vgmh:M4=1 vgmf:M4=2 vgmg:M4=3
vftci    vftcidb:M4=3,M5=0 wftcidb:M4=3,M5=8 vftcisb:M4=2,M5=0 wftcisb:M4=2,M5=8 wftcixb:M4=4,M5=8
vrep     vrepb:M4=0 vreph:M4=1 vrepf:M4=2 vrepg:M4=3
vpopct   vpopctb:M3=0 vpopcth:M3=1 vpopctf:M3=2 vpopctg:M3=3
vctz     vctzb:M3=0 vctzh:M3=1 vctzf:M3=2 vctzg:M3=3 vctzq:M3=4
vclz     vclzb:M3=0 vclzh:M3=1 vclzf:M3=2 vclzg:M3=3 vclzq:M3=4
vgem     vgemb:M3=0 vgemh:M3=1 vgemf:M3=2 vgemg:M3=3 vgemq:M3=4
vistr    vistrb:M3=0 vistrh:M3=1 vistrf:M3=2 vistrbs:M3=0,M5=1 vistrhs:M3=1,M5=1 vistrfs:M3=2,M5=1
vseg     vsegb:M3=0 vsegh:M3=1 vsegf:M3=2
vmrl     vmrlb:M4=0 vmrlh:M4=1 vmrlf:M4=2 vmrlg:M4=3
vmrh     vmrhb:M4=0 vmrhh:M4=1 vmrhf:M4=2 vmrhg:M4=3
vsum     vsumb:M4=0 vsumh:M4=1
vsumg    vsumgh:M4=1 vsumgf:M4=2
vsumq    vsumqf:M4=2 vsumqg:M4=3
vno      vnot:V3=V2
veslv    veslvb:M4=0 veslvh:M4=1 veslvf:M4=2 veslvg:M4=3
verim    verimb:M5=0 verimh:M5=1 verimf:M5=2 verimg:M5=3
verllv   verllvb:M4=0 verllvh:M4=1 verllvf:M4=2 verllvg:M4=3
vesrlv   vesrlvb:M4=0 vesrlvh:M4=1 vesrlvf:M4=2 vesrlvg:M4=3
vesrav   vesravb:M4=0 vesravh:M4=1 vesravf:M4=2 vesravg:M4=3
vfee     vfeeb:M4=0 vfeeh:M4=1 vfeef:M4=2 vfeebs:M4=0,M5=1 vfeehs:M4=1,M5=1 vfeefs:M4=2,M5=1
         vfeezb:M4=0,M5=2 vfeezh:M4=1,M5=2 vfeezf:M4=2,M5=2 vfeezbs:M4=0,M5=3 vfeezhs:M4=1,M5=3
         vfeezfs:M4=2,M5=3
vfene    vfeneb:M4=0 vfeneh:M4=1 vfenef:M4=2 vfenebs:M4=0,M5=1 vfenehs:M4=1,M5=1 vfenefs:M4=2,M5=1
         vfenezb:M4=0,M5=2 vfenezh:M4=1,M5=2 vfenezf:M4=2,M5=2 vfenezbs:M4=0,M5=3 vfenezhs:M4=1,M5=3
         vfenezfs:M4=2,M5=3
vfae     vfaeb:M4=0 vfaeh:M4=1 vfaef:M4=2 vfaebs:M4=0,M5|=1? vfaehs:M4=1,M5|=1? vfaefs:M4=2,M5|=1?
         vfaezb:M4=0,M5|=2? vfaezh:M4=1,M5|=2? vfaezf:M4=2,M5|=2? vfaezbs:M4=0,M5|=3? vfaezhs:M4=1,M5|=3?
         vfaezfs:M4=2,M5|=3?
vblend   vblendb:M5=0 vblendh:M5=1 vblendf:M5=2 vblendg:M5=3 vblendq:M5=4
vstrc    vstrcb:M5=0 vstrch:M5=1 vstrcf:M5=2 vstrcbs:M5=0,M6|=1? vstrchs:M5=1,M6|=1? vstrcfs:M5=2,M6|=1?
         vstrczb:M5=0,M6|=2? vstrczh:M5=1,M6|=2? vstrczf:M5=2,M6|=2? vstrczbs:M5=0,M6|=3?
         vstrczhs:M5=1,M6|=3? vstrczfs:M5=2,M6|=3?
vstrs    vstrsb:M5=0 vstrsh:M5=1 vstrsf:M5=2 vstrszb:M5=0,M6=2 vstrszh:M5=1,M6=2 vstrszf:M5=2,M6=2
vfms     vfmsdb:M5=0,M6=3 wfmsdb:M5=8,M6=3 vfmssb:M5=0,M6=2 wfmssb:M5=8,M6=2 wfmsxb:M5=8,M6=4
vfma     vfmadb:M5=0,M6=3 wfmadb:M5=8,M6=3 vfmasb:M5=0,M6=2 wfmasb:M5=8,M6=2 wfmaxb:M5=8,M6=4
vpk      vpkh:M4=1 vpkf:M4=2 vpkg:M4=3
vpkls    vpklsh:M4=1,M5=0 vpklsf:M4=2,M5=0 vpklsg:M4=3,M5=0 vpklshs:M4=1,M5=1 vpklsfs:M4=2,M5=1
         vpklsgs:M4=3,M5=1
vpks     vpksh:M4=1,M5=0 vpksf:M4=2,M5=0 vpksg:M4=3,M5=0 vpkshs:M4=1,M5=1 vpksfs:M4=2,M5=1
         vpksgs:M4=3,M5=1
vfnms    vfnmssb:M5=0,M6=2 wfnmssb:M5=8,M6=2 vfnmsdb:M5=0,M6=3 wfnmsdb:M5=8,M6=3 wfnmsxb:M5=8,M6=4
vfnma    vfnmasb:M5=0,M6=2 wfnmasb:M5=8,M6=2 vfnmadb:M5=0,M6=3 wfnmadb:M5=8,M6=3 wfnmaxb:M5=8,M6=4
vmlh     vmlhb:M4=0 vmlhh:M4=1 vmlhf:M4=2 vmlhg:M4=3 vmlhq:M4=4
vml      vmlb:M4=0 vmlhw:M4=1 vmlf:M4=2 vmlg:M4=3 vmlq:M4=4
vmh      vmhb:M4=0 vmhh:M4=1 vmhf:M4=2 vmhg:M4=3 vmhq:M4=4
vmle     vmleb:M4=0 vmleh:M4=1 vmlef:M4=2 vmleg:M4=3
vmlo     vmlob:M4=0 vmloh:M4=1 vmlof:M4=2 vmlog:M4=3
vme      vmeb:M4=0 vmeh:M4=1 vmef:M4=2 vmeg:M4=3
vmo      vmob:M4=0 vmoh:M4=1 vmof:M4=2 vmog:M4=3
vmalh    vmalhb:M5=0 vmalhh:M5=1 vmalhf:M5=2 vmalhg:M5=3 vmalhq:M5=4
vmal     vmalb:M5=0 vmalhw:M5=1 vmalf:M5=2 vmalg:M5=3 vmalq:M5=4
vmah     vmahb:M5=0 vmahh:M5=1 vmahf:M5=2 vmahg:M5=3 vmahq:M5=4
vmale    vmaleb:M5=0 vmaleh:M5=1 vmalef:M5=2 vmaleg:M5=3
vmalo    vmalob:M5=0 vmaloh:M5=1 vmalof:M5=2 vmalog:M5=3
vmae     vmaeb:M5=0 vmaeh:M5=1 vmaef:M5=2 vmaeg:M5=3
vmao     vmaob:M5=0 vmaoh:M5=1 vmaof:M5=2 vmaog:M5=3
vdl      vdlf:M4=2 vdlg:M4=3 vdlq:M4=4
vrl      vrlf:M4=2 vrlg:M4=3 vrlq:M4=4
vd       vdf:M4=2 vdg:M4=3 vdq:M4=4
vr       vrf:M4=2 vrg:M4=3 vrq:M4=4
vgfm     vgfmb:M4=0 vgfmh:M4=1 vgfmf:M4=2 vgfmg:M4=3
vmsl     vmslg:M5=3
vaccc    vacccq:M5=4
vac      vacq:M5=4
vgfma    vgfmab:M5=0 vgfmah:M5=1 vgfmaf:M5=2 vgfmag:M5=3
vsbcbi   vsbcbiq:M5=4
vsbi     vsbiq:M5=4
vclfp    vclgd vclgdb:M3=3 wclgdb:M3=3,M4|=8 vclfeb:M3=2 wclfeb:M3=2,M4|=8
vcfpl    vcdlg vcdlgb:M3=3 wcdlgb:M3=3,M4|=8 vcelfb:M3=2 wcelfb:M3=2,M4|=8
vcsfp    vcgd vcgdb:M3=3 wcgdb:M3=3,M4|=8 vcfeb:M3=2 wcfeb:M3=2,M4|=8
vcfps    vcdg vcdgb:M3=3 wcdgb:M3=3,M4|=8 vcefb:M3=2 wcefb:M3=2,M4|=8
vfll     vlde vldeb:M3=2,M4=0 wldeb:M3=2,M4=8 vflls:M3=2,M4=0 wflls:M3=2,M4=8 wflld:M3=3,M4=8
vflr     vled vledb:M3=3 wledb:M3=3,M4|=8 vflrd:M3=3 wflrd:M3=3,M4|=8 wflrx:M3=4,M4|=8
vfi      vfidb:M3=3 wfidb:M3=3,M4|=8 vfisb:M3=2 wfisb:M3=2,M4|=8 wfixb:M3=4,M4|=8
wfk      wfkdb:M3=3,M4=0 wfksb:M3=2,M4=0 wfkxb:M3=4,M4=0
wfc      wfcdb:M3=3,M4=0 wfcsb:M3=2,M4=0 wfcxb:M3=4,M4=0
vfpso    vfpsodb:M3=3,M4=0 wfpsodb:M3=3,M4=8 vflcdb:M3=3,M4=0,M5=0 wflcdb:M3=3,M4=8,M5=0
         vflndb:M3=3,M4=0,M5=1 wflndb:M3=3,M4=8,M5=1 vflpdb:M3=3,M4=0,M5=2 wflpdb:M3=3,M4=8,M5=2
         vfpsosb:M3=2,M4=0 wfpsosb:M3=2,M4=8 vflcsb:M3=2,M4=0,M5=0 wflcsb:M3=2,M4=8,M5=0
         vflnsb:M3=2,M4=0,M5=1 wflnsb:M3=2,M4=8,M5=1 vflpsb:M3=2,M4=0,M5=2 wflpsb:M3=2,M4=8,M5=2
         wfpsoxb:M3=4,M4=8 wflcxb:M3=4,M4=8,M5=0 wflnxb:M3=4,M4=8,M5=1 wflpxb:M3=4,M4=8,M5=2
vfsq     vfsqdb:M3=3,M4=0 wfsqdb:M3=3,M4=8 vfsqsb:M3=2,M4=0 wfsqsb:M3=2,M4=8 wfsqxb:M3=4,M4=8
vupll    vupllb:M3=0 vupllh:M3=1 vupllf:M3=2 vupllg:M3=3
vuplh    vuplhb:M3=0 vuplhh:M3=1 vuplhf:M3=2 vuplhg:M3=3
vupl     vuplb:M3=0 vuplhw:M3=1 vuplf:M3=2 vuplg:M3=3
vuph     vuphb:M3=0 vuphh:M3=1 vuphf:M3=2 vuphg:M3=3
vecl     veclb:M3=0 veclh:M3=1 veclf:M3=2 veclg:M3=3 veclq:M3=4
vec      vecb:M3=0 vech:M3=1 vecf:M3=2 vecg:M3=3 vecq:M3=4
vlc      vlcb:M3=0 vlch:M3=1 vlcf:M3=2 vlcg:M3=3 vlcq:M3=4
vlp      vlpb:M3=0 vlph:M3=1 vlpf:M3=2 vlpg:M3=3 vlpq:M3=4
vfs      vfsdb:M4=3,M5=0 wfsdb:M4=3,M5=8 vfssb:M4=2,M5=0 wfssb:M4=2,M5=8 wfsxb:M4=4,M5=8
vfa      vfadb:M4=3,M5=0 wfadb:M4=3,M5=8 vfasb:M4=2,M5=0 wfasb:M4=2,M5=8 wfaxb:M4=4,M5=8
vfd      vfddb:M4=3,M5=0 wfddb:M4=3,M5=8 vfdsb:M4=2,M5=0 wfdsb:M4=2,M5=8 wfdxb:M4=4,M5=8
vfm      vfmdb:M4=3,M5=0 wfmdb:M4=3,M5=8 vfmsb:M4=2,M5=0 wfmsb:M4=2,M5=8 wfmxb:M4=4,M5=8
vfce     vfcedb:M4=3,M5=0,M6=0 vfcedbs:M4=3,M5=0,M6=1 wfcedb:M4=3,M5=8,M6=0 wfcedbs:M4=3,M5=8,M6=1
         vfcesb:M4=2,M5=0,M6=0 vfcesbs:M4=2,M5=0,M6=1 wfcesb:M4=2,M5=8,M6=0 wfcesbs:M4=2,M5=8,M6=1
         wfcexb:M4=4,M5=8,M6=0 wfcexbs:M4=4,M5=8,M6=1 vfkesb:M4=2,M5=4,M6=0 vfkesbs:M4=2,M5=4,M6=1
         wfkesb:M4=2,M5=12,M6=0 wfkesbs:M4=2,M5=12,M6=1 vfkedb:M4=3,M5=4,M6=0 vfkedbs:M4=3,M5=4,M6=1
         wfkedb:M4=3,M5=12,M6=0 wfkedbs:M4=3,M5=12,M6=1 wfkexb:M4=4,M5=12,M6=0 wfkexbs:M4=4,M5=12,M6=1
vfche    vfchedb:M4=3,M5=0,M6=0 vfchedbs:M4=3,M5=0,M6=1 wfchedb:M4=3,M5=8,M6=0 wfchedbs:M4=3,M5=8,M6=1
         vfchesb:M4=2,M5=0,M6=0 vfchesbs:M4=2,M5=0,M6=1 wfchesb:M4=2,M5=8,M6=0 wfchesbs:M4=2,M5=8,M6=1
         wfchexb:M4=4,M5=8,M6=0 wfchexbs:M4=4,M5=8,M6=1 vfkhesb:M4=2,M5=4,M6=0 vfkhesbs:M4=2,M5=4,M6=1
         wfkhesb:M4=2,M5=12,M6=0 wfkhesbs:M4=2,M5=12,M6=1 vfkhedb:M4=3,M5=4,M6=0 vfkhedbs:M4=3,M5=4,M6=1
         wfkhedb:M4=3,M5=12,M6=0 wfkhedbs:M4=3,M5=12,M6=1 wfkhexb:M4=4,M5=12,M6=0
         wfkhexbs:M4=4,M5=12,M6=1
vfch     vfchdb:M4=3,M5=0,M6=0 vfchdbs:M4=3,M5=0,M6=1 wfchdb:M4=3,M5=8,M6=0 wfchdbs:M4=3,M5=8,M6=1
         vfchsb:M4=2,M5=0,M6=0 vfchsbs:M4=2,M5=0,M6=1 wfchsb:M4=2,M5=8,M6=0 wfchsbs:M4=2,M5=8,M6=1
         wfchxb:M4=4,M5=8,M6=0 wfchxbs:M4=4,M5=8,M6=1 vfkhsb:M4=2,M5=4,M6=0 vfkhsbs:M4=2,M5=4,M6=1
         wfkhsb:M4=2,M5=12,M6=0 wfkhsbs:M4=2,M5=12,M6=1 vfkhdb:M4=3,M5=4,M6=0 vfkhdbs:M4=3,M5=4,M6=1
         wfkhdb:M4=3,M5=12,M6=0 wfkhdbs:M4=3,M5=12,M6=1 wfkhxb:M4=4,M5=12,M6=0 wfkhxbs:M4=4,M5=12,M6=1
vfmin    vfminsb:M4=2,M5=0 vfmindb:M4=3,M5=0 wfminsb:M4=2,M5=8 wfmindb:M4=3,M5=8 wfminxb:M4=4,M5=8
vfmax    vfmaxsb:M4=2,M5=0 vfmaxdb:M4=3,M5=0 wfmaxsb:M4=2,M5=8 wfmaxdb:M4=3,M5=8 wfmaxxb:M4=4,M5=8
vavgl    vavglb:M4=0 vavglh:M4=1 vavglf:M4=2 vavglg:M4=3 vavglq:M4=4
vacc     vaccb:M4=0 vacch:M4=1 vaccf:M4=2 vaccg:M4=3 vaccq:M4=4
vavg     vavgb:M4=0 vavgh:M4=1 vavgf:M4=2 vavgg:M4=3 vavgq:M4=4
va       vab:M4=0 vah:M4=1 vaf:M4=2 vag:M4=3 vaq:M4=4
vscbi    vscbib:M4=0 vscbih:M4=1 vscbif:M4=2 vscbig:M4=3 vscbiq:M4=4
vs       vsb:M4=0 vsh:M4=1 vsf:M4=2 vsg:M4=3 vsq:M4=4
vceq     vceqb:M4=0,M5=0 vceqh:M4=1,M5=0 vceqf:M4=2,M5=0 vceqg:M4=3,M5=0 vceqbs:M4=0,M5=1
         vceqhs:M4=1,M5=1 vceqfs:M4=2,M5=1 vceqgs:M4=3,M5=1 vceqq:M4=4,M5=0 vceqqs:M4=4,M5=1
vchl     vchlb:M4=0,M5=0 vchlh:M4=1,M5=0 vchlf:M4=2,M5=0 vchlg:M4=3,M5=0 vchlbs:M4=0,M5=1
         vchlhs:M4=1,M5=1 vchlfs:M4=2,M5=1 vchlgs:M4=3,M5=1 vchlq:M4=4,M5=0 vchlqs:M4=4,M5=1
vch      vchb:M4=0,M5=0 vchh:M4=1,M5=0 vchf:M4=2,M5=0 vchg:M4=3,M5=0 vchbs:M4=0,M5=1 vchhs:M4=1,M5=1
         vchfs:M4=2,M5=1 vchgs:M4=3,M5=1 vchq:M4=4,M5=0 vchqs:M4=4,M5=1
vmnl     vmnlb:M4=0 vmnlh:M4=1 vmnlf:M4=2 vmnlg:M4=3 vmnlq:M4=4
vmxl     vmxlb:M4=0 vmxlh:M4=1 vmxlf:M4=2 vmxlg:M4=3 vmxlq:M4=4
vmn      vmnb:M4=0 vmnh:M4=1 vmnf:M4=2 vmng:M4=3 vmnq:M4=4
vmx      vmxb:M4=0 vmxh:M4=1 vmxf:M4=2 vmxg:M4=3 vmxq:M4=4
brxhg    jxhg
brxlg    jxleg
risblg   risblgz:I4|=128
rnsbg    rnsbgt:I3|=128
risbg    risbgz:I4|=128
rosbg    rosbgt:I3|=128
rxsbg    rxsbgt:I3|=128
risbgn   risbgnz:I4|=128
risbhg   risbhgz:I4|=128
`;

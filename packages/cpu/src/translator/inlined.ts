/**
 * How translated code does an instruction. Principles of Operation, chapter 5: what changes translation, addressing mode
 * or the PSW's control ends a region, because everything after it may be fetched from elsewhere.
 */
import type { Instruction } from '@zarch/isa';
import { hotInstructions } from '../interpreter/hot.ts';
import type { Effects } from './effects.ts';

export type Treatment =
  /** Its definition becomes part of the region. */
  | 'inline'
  /** The interpreter's function for it is called; the region goes on if nothing but the next instruction follows. */
  | 'call'
  /** The region ends before it. */
  | 'end';

/** Floating-point and other instructions that are worth their code, beside those of the interpreter's loop. */
const alsoInline: ReadonlySet<string> = new Set(
  `
  ldr ler ld le ldy ley std ste stdy stey lzdr lzer ldgr lgdr lcdfr lndfr lpdfr cpsdr
  adbr aebr sdbr sebr mdbr meebr ddbr debr adb aeb sdb seb mdb meeb ddb deb sqdbr sqebr sqdb sqeb mdebr mdeb
  cdbr cebr kdbr kebr cdb ceb kdb keb ltdbr ltebr lcdbr lcebr lndbr lnebr lpdbr lpebr tcdb tceb ldebr ldeb ledbr
  madbr maebr msdbr msebr madb maeb msdb mseb fidbr fiebr
  cdfbr cefbr cdgbr cegbr cdlfbr celfbr cdlgbr celgbr cfdbr cfebr cgdbr cgebr clfdbr clfebr clgdbr clgebr
  icm icmy stcm stcmy clm clmy icmh stcmh
  laa laag laal laalg lan lang lao laog lax laxg cds cdsy cdsg
  risbhg risblg popcnt ahhhr ahhlr alhhhr alhhlr
  mr mfy m ml mlg dr d dsgr dsgfr dsg dsgf dlr dl dlg mh msy msc msgc mghi
  sldl srdl slda srda
  bctr bctgr bct bctg bal bas
  sar ear cpya ipm
  lat lgat clt clgt cit cgit clfit clgit crt cgrt clrt clgrt
  lfh stfh lhh llhh lbh llch brcth iihf aih cih clih chf clhf alsih alsihn
  lzrf lzrg llzrgf
  strv strvg strvh lrvh llgt
  pfd pfdrl ppa niai bpp bprp
  mvhhi
  lpq stpq
  lmh stmh lam stam lamy stamy
  sthrl lhrl lghrl llghrl llhrl chrl cghrl clhrl clghrl cgfrl clgfrl
  sh shy shhhr s sy sg sgf sgh slb slbg alc slhhhr
  locg locfhr stocfh locfh locghi lochhi selfhr
  xiy niy oiy
  csy
  `
    .trim()
    .split(/\s+/),
);

/** Control instructions after which a region can go on, if it finds its mapping and mode unchanged. */
const callable: ReadonlySet<string> = new Set(
  `stnsm stosm ssm spka stctg stctl stpt stckc stap stidp epsw iske iske rrbe lra lrag tprot lpp lura lurag ipk
  mvcos mvcp mvcs mvck stfl spt ptff`
    .trim()
    .split(/\s+/),
);

/** They change what a region relies on in ways that its check does not see, or are branches of a special kind. */
const ends: ReadonlySet<string> = new Set(
  `svc ex exrl bsm bassm sam24 sam31 sam64 tam balr bal pc pr pt pti bakr sie trap2 trap4 mc
  tbegin tbeginc tend tabort cksm mvcl mvcle mvclu clcl clcle clclu cu12 cu14 cu21 cu24 cu41 cu42 cuse cmpsc
  tre troo trot trto trtt`
    .trim()
    .split(/\s+/),
);

export function treatment(row: Instruction, effects: Effects | undefined): Treatment {
  if (!effects || ends.has(row.mnemonic)) return 'end';
  const known = hotInstructions.has(row.mnemonic) || alsoInline.has(row.mnemonic);
  if (known && !effects.outlined) return 'inline';
  if (effects.branches !== 'never') return 'end';
  if (row.privileged !== 'no' && !callable.has(row.mnemonic)) return 'end';
  return 'call';
}

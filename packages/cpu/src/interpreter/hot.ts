/**
 * Instructions that are part of the interpreter's loop: those that make up nearly all of what Linux and compiled
 * programs execute. Everything else costs a call through a table.
 */
export const hotInstructions: ReadonlySet<string> = new Set(
  `
  ar agr agfr a ag agf ahi aghi afi agfi ahik aghik ark agrk ay agh ah algr alr algfr al alg algf alfi algfi alghsik
  alcr alcgr alrk algrk alcg slbgr slbr
  sr sgr s sg srk sgrk slr slgr sl slg slfi slgfi slrk slgrk sgfr slgfr
  nr ngr n ng nrk ngrk or ogr o og ork ogrk xr xgr x xg xrk xgrk ni oi xi nilf nihf nill nilh nihh oill oilh xilf oilf llihl llihh
  cr cgr c cg chi cghi cfi cgfi clr clgr cl clg clfi clgfi cli cliy chsi cghsi clfhsi clghsi cgfr clgfr ch cgf clgf
  crj cgrj clrj clgrj cij cgij clij clgij crl cgrl clrl clgrl chhsi clhhsi cy cly
  tm tmy tmll tmlh tmhh tmhl
  lr lgr lgfr llgfr l lg lgf llgf lhi lghi lgfi ly lh lgh llh llgh ic icy llc llgc llcr llgcr llhr llghr lgbr lghr
  lb lgb lrl lgrl lgfrl llgfrl larl la lay llilf llill llilh llihf iilf iihf ltr ltgr ltgfr lt ltg ltgf lcr lcgr lpr
  lnr lngr lhy llgtr lrv lrvg lrvr lrvgr
  st stg sth stc sty sthy stcy strl stgrl mvi mvhi mvghi mvhhi mviy
  lm lmg stm stmg
  locr locgr loc locg lochi locghi stocg selr selgr
  brc brcl bc bcr bras brasl basr brct brctg brxh brxle brxlg bxh bxle ex exrl
  sll srl sla sra sllg srlg slag srag sllk srlk srak rll rllg risbg risbgn rosbg rxsbg rnsbg flogr
  msr msgr ms msg msfi msgfi mghi mhi mlgr mlg mlr dlgr dlr
  mvc clc xc oc nc
  cs csg asi agsi
  ssm stnsm stosm svc
  ld std ldr le ste ler ldgr lgdr lzdr
  adbr sdbr mdbr ddbr adb sdb mdb ddb aebr sebr meebr debr aeb meeb madbr maebr sqdbr
  cdbr cebr cdb ltdbr ltebr lcdbr lpdbr ldebr ldeb ledbr cdfbr cdgbr cefbr cfdbr cgdbr fidbr
  `
    .trim()
    .split(/\s+/),
);

/** What a vCPU counts of its translated code, for statistics and tests. */

export interface CodeCacheCounters {
  requests: number;
  /** Regions translated and put in place, and the guest instructions in them. */
  regions: number;
  instructions: number;
  /** Requests for code that is inside regions. */
  postponed: number;
  /** Translations whose instructions had changed before they arrived. */
  late: number;
  /** Regions of earlier runs, and those of them that came to be used. */
  stored: number;
  reused: number;
  /** Regions taken away since their instructions changed, and put back since they were the old ones again. */
  invalidated: number;
  revived: number;
  /** Regions forgotten since more of their code was translated. */
  superseded: number;
  /** Stores into blocks with code that changed none of it. */
  spared: number;
  evicted: number;
}

/** Nothing counted yet. */
export function noCounts(): CodeCacheCounters {
  return {
    requests: 0,
    regions: 0,
    instructions: 0,
    postponed: 0,
    late: 0,
    stored: 0,
    reused: 0,
    invalidated: 0,
    revived: 0,
    superseded: 0,
    spared: 0,
    evicted: 0,
  };
}

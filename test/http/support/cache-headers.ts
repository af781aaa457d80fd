/** `Cache-Status` of an answer that was in a cache, whichever. */
export const HIT = /^lockstep-l[12]; hit$/;

/** The same of an answer that came from the truth, kept or not. */
export const FORWARDED = /^lockstep; fwd=(miss(; stored)?|bypass)$/;

export const STORED = 'lockstep; fwd=miss; stored';

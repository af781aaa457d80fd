/** `Cache-Status` of an answer from a cache of any level. */
export const HIT = /^lockstep-l[12]; hit$/;

/** The same headers of a response from the database, cached or not. */
export const FORWARDED = /^lockstep; fwd=(miss(; stored)?|bypass)$/;

export const STORED = 'lockstep; fwd=miss; stored';

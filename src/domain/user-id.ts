/**
 * A user's id goes into lock keys, log lines and columns: visible ASCII of a bounded length. It is
 * also a segment of a path, so it is none that means something else there: `me`, `.` and `..`.
 */
export const USER_ID = /^(?!(?:me|\.{1,2})$)[\x21-\x7e]{1,128}$/;

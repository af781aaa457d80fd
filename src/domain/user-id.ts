/**
 * A user id is part of lock keys, log lines and columns, so it is visible ASCII of a bounded
 * length. It is also a segment of a path, so `me`, `.` and `..` are excluded: they mean something
 * else there.
 */
export const USER_ID = /^(?!(?:me|\.{1,2})$)[\x21-\x7e]{1,128}$/;

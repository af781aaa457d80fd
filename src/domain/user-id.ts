/** A user's id goes into lock keys, log lines and columns: visible ASCII of a bounded length. */
export const USER_ID = /^[\x21-\x7e]{1,128}$/;

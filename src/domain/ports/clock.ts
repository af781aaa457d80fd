/**
 * The time of day, the same for all instances within milliseconds: what one stores, such as the end
 * of a lease, another compares with its own. Injected, so that a test decides what time it is.
 */
export abstract class Clock {
  abstract now(): Date;
}

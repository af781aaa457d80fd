/**
 * The time of day. It is the same for all instances, within milliseconds: one instance stores a
 * time, such as the end of a lease, and another one compares it with its own time. It is injected,
 * so that a test can set it.
 */
export abstract class Clock {
  abstract now(): Date;
}

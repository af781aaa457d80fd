/** The time of day; injected, so that a test decides what time it is. */
export abstract class Clock {
  abstract now(): Date;
}

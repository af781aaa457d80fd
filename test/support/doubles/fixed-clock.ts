import { Clock } from '../../../src/domain/ports/clock.js';

/** A clock that moves only when a test advances it. */
export class FixedClock extends Clock {
  #time = new Date('2026-01-02T03:04:05.678Z').getTime();

  override now(): Date {
    return new Date(this.#time);
  }

  advance(ms: number): void {
    this.#time += ms;
  }
}

import mocha from 'mocha';
import { withSourcePlaces } from './source-places.js';

/** Of the message of a failure; a fault run lists there what was done and which claims did not hold. */
const MOST_LINES = 20;

/** The result of one mocha run. */
export interface TestResult {
  readonly passed: number;
  readonly failed: number;
  /** The full title of each failure and the first lines of its message. */
  readonly failures: readonly string[];
}

/** The usual listing, and at the end the result for the process that started mocha. */
export default class Reporter extends mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const failures: string[] = [];
    runner.on('fail', (test, error: Error) => {
      if (error.stack) error.stack = withSourcePlaces(error.stack);
      const shown = error.message.split('\n').slice(0, MOST_LINES);
      failures.push([test.fullTitle(), ...shown].join('\n    '));
    });
    runner.once('end', () => {
      const { passes: passed, failures: failed } = this.stats;
      process.send?.({ passed, failed, failures } satisfies TestResult);
    });
  }
}

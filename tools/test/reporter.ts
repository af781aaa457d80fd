import mocha from 'mocha';
import { withSourcePlaces } from './source-places.js';

/** The result of one mocha run. */
export interface TestResult {
  readonly passed: number;
  readonly failed: number;
  /** The full title and message of each failure. */
  readonly failures: readonly string[];
}

/** The usual listing, and at the end the result for the process that started mocha. */
export default class Reporter extends mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const failures: string[] = [];
    runner.on('fail', (test, error: Error) => {
      if (error.stack) error.stack = withSourcePlaces(error.stack);
      failures.push(`${test.fullTitle()}\n    ${error.message.split('\n', 1)[0]}`);
    });
    runner.once('end', () => {
      const { passes: passed, failures: failed } = this.stats;
      process.send?.({ passed, failed, failures } satisfies TestResult);
    });
  }
}

import mocha from 'mocha';

/** What one run of mocha came to. */
export interface TestResult {
  readonly passed: number;
  readonly failed: number;
}

/** The usual listing, and at the end the numbers for the process that started mocha. */
export default class Reporter extends mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once('end', () => {
      const { passes: passed, failures: failed } = this.stats;
      process.send?.({ passed, failed } satisfies TestResult);
    });
  }
}

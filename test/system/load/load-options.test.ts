import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { readCommandLine, UsageError } from '../../../src/commands/command-line.js';
import { LOAD_USAGE, readOptions, SCENARIOS, scriptOf } from '../../../tools/load/load-options.js';

describe('npm run load', () => {
  it('has a script for each scenario', () => {
    for (const name of Object.keys(SCENARIOS)) {
      expect(existsSync(scriptOf(name)), name).to.equal(true);
    }
  });

  it('takes a scenario, a time and an address of this machine', () => {
    const url = 'http://127.0.0.1:8080';
    expect(options(['soak'])).to.deep.equal({ scenario: 'soak', seconds: 600, url: undefined });
    expect(options(['steady', '--seconds', '5', '--url', url])).to.deep.equal({
      scenario: 'steady',
      seconds: 5,
      url,
    });
  });

  for (const args of [
    [],
    ['unknown'],
    ['steady', 'soak'],
    ['steady', '--seconds', '0'],
    ['steady', '--seconds', '100000'],
    ['steady', '--speed', '9'],
    ['steady', '--url', 'https://shop.example'],
    ['steady', '--url', '127.0.0.1:8080'],
  ]) {
    it(`refuses '${args.join(' ')}' in one line`, () => {
      expect(() => options(args)).to.throw(UsageError, /^[^\n]+$/);
    });
  }
});

function options(args: readonly string[]) {
  return readOptions(readCommandLine(LOAD_USAGE, args));
}

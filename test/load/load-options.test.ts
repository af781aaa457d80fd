import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { LoadError, readOptions, SCENARIOS, scriptOf } from '../../tools/load/load-options.js';

describe('npm run load', () => {
  it('has a script for each scenario', () => {
    for (const name of Object.keys(SCENARIOS)) {
      expect(existsSync(scriptOf(name)), name).to.equal(true);
    }
  });

  it('takes a scenario, a time and an address of this machine', () => {
    const url = 'http://127.0.0.1:8080';
    expect(readOptions(['soak'])).to.deep.equal({ scenario: 'soak', seconds: 600, url: undefined });
    expect(readOptions(['steady', '--seconds', '5', '--url', url])).to.deep.equal({
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
      expect(() => readOptions(args)).to.throw(LoadError, /^[^\n]+$/);
    });
  }
});

import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { projectRoot } from '../../../tools/project-root.js';
import { withSourcePlaces } from '../../../tools/test/source-places.js';

function fail(): Error {
  return new Error('the error of a test');
}

describe('the stack of a failed test', () => {
  it('names the file and the line of the source', () => {
    const [, first = ''] = withSourcePlaces(`${fail().stack}`).split('\n');
    const [, file = '', line] = /\((.+\.ts):(\d+):\d+\)/.exec(first) ?? [];
    expect(file).to.equal(`${projectRoot}/test/project/logs/source-places.test.ts`);
    const lines = readFileSync(file, 'utf8').split('\n');
    expect(lines[Number(line) - 1]).to.include(`new Error('the error of a test')`);
  });

  it('keeps the places of files without a source map', () => {
    const stack = 'Error: x\n    at f (file:///no/such/file.js:1:2)\n    at node:internal/x:3:4';
    expect(withSourcePlaces(stack)).to.equal(stack);
  });
});

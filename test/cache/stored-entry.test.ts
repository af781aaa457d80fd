import { expect } from 'chai';
import { parseEntry } from '../../src/adapters/cache/protocol/stored-entry.js';

describe('stored entries', () => {
  it('are read with their text as it was, line breaks and all', () => {
    expect(parseEntry('7 12 3400 +\n{"a b":\n1}')).to.deep.equal({
      epoch: '7',
      expiresUs: 3400,
      text: '{"a b":\n1}',
      resources: [],
    });
  });

  it('tell an empty text from the absence of a thing', () => {
    expect(parseEntry('7 12 3400 +\n').text).to.equal('');
    expect(parseEntry('7 12 3400 -\n').text).to.equal(undefined);
  });

  it('name every resource they show', () => {
    const { resources, text } = parseEntry('7 12 3400 + product:1 product:2\nx y');
    expect(resources).to.deep.equal(['product:1', 'product:2']);
    expect(text).to.equal('x y');
  });
});

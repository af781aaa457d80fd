import { expect } from 'chai';
import { parseEntry } from '../../../src/adapters/cache/protocol/stored-entry.js';

describe('parseEntry', () => {
  it('returns the text with its line breaks', () => {
    expect(parseEntry('7 12 3400 +\n{"a b":\n1}')).to.deep.equal({
      epoch: '7',
      expiresUs: 3400,
      text: '{"a b":\n1}',
      resources: [],
    });
  });

  it('distinguishes an empty text from an absent one', () => {
    expect(parseEntry('7 12 3400 +\n').text).to.equal('');
    expect(parseEntry('7 12 3400 -\n').text).to.equal(undefined);
  });

  it('returns every resource that the entry shows', () => {
    const { resources, text } = parseEntry('7 12 3400 + product:1 product:2\nx y');
    expect(resources).to.deep.equal(['product:1', 'product:2']);
    expect(text).to.equal('x y');
  });
});

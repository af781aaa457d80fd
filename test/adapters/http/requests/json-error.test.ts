import { expect } from 'chai';
import fc from 'fast-check';
import { findJsonError } from '../../../../src/adapters/http/requests/json-error.js';

/** Where V8 says that a text stops being JSON, by its position, by the character, or by the end. */
function judge(text: string): void {
  let message = '';
  try {
    JSON.parse(text);
  } catch (error) {
    message = (error as Error).message;
  }
  const found = findJsonError(text);
  if (message === '') {
    expect(found, text).to.equal(undefined);
    return;
  }
  expect(found, text).not.to.equal(undefined);
  const at = found?.index ?? -1;
  const position = / at position (\d+)/.exec(message)?.[1];
  const token = /^Unexpected token '(.)'/su.exec(message)?.[1];
  if (position !== undefined) expect(at, `${text}: ${message}`).to.equal(Number(position));
  else if (token !== undefined) expect(text.slice(at).startsWith(token), text).to.equal(true);
  else expect(at, `${text}: ${message}`).to.equal(text.length);
}

describe('Where a text stops being JSON', () => {
  const cases: readonly [text: string, line: number, column: number][] = [
    ['', 1, 1],
    ['{"amount": 1', 1, 13],
    ['{"amount": }', 1, 12],
    ['{"amount" 1}', 1, 11],
    ['{"amount": 1,}', 1, 14],
    ['{"amount": 01}', 1, 13],
    ['{"amount": nil}', 1, 13],
    ["{'amount': 1}", 1, 2],
    ['[1, 2}', 1, 6],
    ['{"a": 1} x', 1, 10],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3],
    ['{"한글": 1,, }', 1, 10],
    ['"unfinished', 1, 12],
  ];
  for (const [text, line, column] of cases) {
    it(`is line ${line}, column ${column} of ${JSON.stringify(text)}`, () => {
      expect(findJsonError(text)).to.include({ line, column });
      judge(text);
    });
  }

  it('is the position that JSON.parse reports, for any JSON text with one changed character', () => {
    const json = fc.json({ maxDepth: 3 });
    const character = fc.constantFrom(...'{}[]:,"\\ \n\tu0127-+.eEtfnx');
    fc.assert(
      fc.property(json, fc.nat(), fc.nat({ max: 2 }), character, (text, at, removed, char) => {
        const place = at % (text.length + 1);
        judge(text);
        judge(text.slice(0, place) + char + text.slice(place + removed));
        judge(text.slice(0, place));
      }),
      { numRuns: 2_000 },
    );
  });
});

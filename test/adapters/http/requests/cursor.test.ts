import { expect } from 'chai';
import { Cursors } from '../../../../src/adapters/http/requests/cursor.js';

const page = (nextAfter: string | null) => ({ items: [], nextAfter });

describe('Cursors', () => {
  const cursors = new Cursors(Buffer.alloc(32, 1));
  const next = (body: object) => (body as { nextCursor: string }).nextCursor;

  it('continue behind the last item of a list, at every instance with the same key', () => {
    for (const after of ['01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c', '17', 'ä"\\ \n']) {
      const cursor = next(cursors.page(['list'], { limit: 5 }).body(page(after)));
      expect(cursor).to.match(/^[\w-]+$/);
      const other = new Cursors(Buffer.alloc(32, 1));
      expect(other.page(['list'], { limit: 5, cursor }).request).to.deep.equal({ limit: 5, after });
    }
    expect(cursors.page(['list'], { limit: 5 }).body(page(null))).to.deep.equal({
      items: [],
      nextCursor: null,
    });
  });

  it('are refused by another list, and under another key', () => {
    const cursor = next(cursors.page(['list', 'tea'], { limit: 5 }).body(page('x')));
    for (const list of [['list'], ['list', 'coffee'], ['list', 'tea', undefined], ['list","tea']]) {
      expect(() => cursors.page(list, { limit: 5, cursor })).to.throw('cursor');
    }
    const stranger = new Cursors(Buffer.alloc(32, 2));
    expect(() => stranger.page(['list', 'tea'], { limit: 5, cursor })).to.throw('cursor');
  });

  it('are refused when any byte is changed', () => {
    const cursor = next(cursors.page(['list'], { limit: 5 }).body(page('x')));
    for (let i = 0; i < cursor.length; i++) {
      const other = cursor[i] === 'A' ? 'B' : 'A';
      const changed = cursor.slice(0, i) + other + cursor.slice(i + 1);
      expect(() => cursors.page(['list'], { limit: 5, cursor: changed }), changed).to.throw(
        'cursor',
      );
    }
  });

  it('lead to ten usual pages of one size at most', () => {
    let usual = 0;
    for (let cursor: string | undefined, i = 0; i < 30; i++) {
      const asked = cursors.page(['list'], { limit: 20, cursor });
      if (asked.isUsual) usual += 1;
      expect(asked.isUsual).to.equal(i < 10);
      cursor = next(asked.body(page(`${i}`)));
    }
    expect(usual).to.equal(10);
  });

  it('lead to no usual page after a page of another size', () => {
    for (const [first, second] of [
      [20, 50],
      [7, 20],
      [7, 7],
    ] as const) {
      const cursor = next(cursors.page(['list'], { limit: first }).body(page('x')));
      const asked = cursors.page(['list'], { limit: second, cursor });
      expect(asked.isUsual).to.equal(false);
      const onward = next(asked.body(page('y')));
      expect(cursors.page(['list'], { limit: second, cursor: onward }).isUsual).to.equal(false);
    }
  });
});

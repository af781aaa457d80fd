import { expect } from 'chai';
import { checkNamedPaths } from '../../../tools/check/named-paths.js';
import { projectRoot } from '../../../tools/project-root.js';
import { SourceTree } from '../boundaries/source-tree.js';

const FILES = { 'src/lock/lock.ts': '', 'docs/other.md': '', 'docs/decisions/0001-lock.md': '' };

function missingIn(page: string, text: string): string[] {
  using tree = new SourceTree({ ...FILES, [page]: text });
  const { missing } = checkNamedPaths(tree.root);
  return missing.map((path) => `${path.page}:${path.line} ${path.named}`);
}

describe('The check of the paths that pages name', () => {
  it('reports a link to a file that does not exist', () => {
    expect(missingIn('README.md', 'one\n[two](docs/missing.md#part)')).to.deep.equal([
      'README.md:2 docs/missing.md',
    ]);
  });

  it('looks up a link from the folder of its page', () => {
    expect(missingIn('docs/page.md', '[other](other.md) [lock](../src/lock)')).to.deep.equal([]);
    expect(missingIn('docs/page.md', '[lock](src/lock)')).to.have.length(1);
  });

  it('reports a path in code marks that does not exist', () => {
    expect(missingIn('CONTRIBUTING.md', 'See `src/lock/missing.ts`.')).to.deep.equal([
      'CONTRIBUTING.md:1 src/lock/missing.ts',
    ]);
    expect(missingIn('CONTRIBUTING.md', 'See `src/missing/*.ts`.')).to.have.length(1);
    expect(missingIn('src/lock/README.md', 'See `test/missing`.')).to.have.length(1);
  });

  it('accepts files, folders, patterns, other sites, and the names of an example', () => {
    const text =
      '`src/lock/lock.ts` `src/lock` `src/*/lock.ts` [site](https://example.org/a) ' +
      '`src/domain/coupons/coupon.ts` `src/application/<name>` [part](#part)';
    expect(missingIn('CONTRIBUTING.md', text)).to.deep.equal([]);
  });

  it('allows a decision to name a file that is gone, but no link to one', () => {
    const page = 'docs/decisions/0001-lock.md';
    expect(missingIn(page, 'It was `src/lock/old.ts`.')).to.deep.equal([]);
    expect(missingIn(page, 'It was [old](../../src/lock/old.ts).')).to.have.length(1);
  });

  it('finds no missing path in this project', () => {
    const { checked, missing } = checkNamedPaths(projectRoot);
    expect(missing).to.deep.equal([]);
    expect(checked).to.be.greaterThan(200);
  });
});

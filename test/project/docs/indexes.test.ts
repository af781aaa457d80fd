import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../../tools/project-root.js';

/** Folders whose index names every page in them, and the folders whose pages it names too. */
const INDEXES = {
  docs: ['docs', 'docs/learn', 'docs/operations'],
  'docs/decisions': ['docs/decisions'],
};

function linksOf(folder: string): string[] {
  const page = readFileSync(path.join(projectRoot, folder, 'README.md'), 'utf8');
  return [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, to = '']) => path.posix.join(folder, to));
}

function pagesIn(folder: string): string[] {
  return readdirSync(path.join(projectRoot, folder))
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => path.posix.join(folder, name));
}

for (const [index, folders] of Object.entries(INDEXES)) {
  describe(`The index of ${index}`, () => {
    it(`names every page of ${folders.join(', ')}`, () => {
      const pages = folders.flatMap(pagesIn);
      expect(pages).to.have.length.greaterThan(10);
      expect(linksOf(index)).to.include.members(pages);
    });
  });
}

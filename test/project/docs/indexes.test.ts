import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../../tools/project-root.js';

const INDEXES = ['docs', 'docs/decisions'];

function linksOf(folder: string): string[] {
  const page = readFileSync(path.join(projectRoot, folder, 'README.md'), 'utf8');
  return [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, to = '']) => to);
}

for (const folder of INDEXES) {
  describe(`The index of ${folder}`, () => {
    it('names every page of the folder', () => {
      const pages = readdirSync(path.join(projectRoot, folder)).filter(
        (name) => name.endsWith('.md') && name !== 'README.md',
      );
      expect(pages).to.have.length.greaterThan(10);
      expect(linksOf(folder)).to.include.members(pages);
    });
  });
}

import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { REPLACED_NAMES } from '../../../tools/check/refused-words.js';
import { checkWords } from '../../../tools/check/words.js';
import { projectRoot } from '../../../tools/project-root.js';
import { SourceTree } from './source-tree.js';

/** Each text contains one refused word, in the given line. */
const PLANTED: readonly { readonly file: string; readonly text: string; readonly line: number }[] =
  [
    { file: 'src/lock.ts', text: 'const a = 1;\n/** Whoever waits. */', line: 2 },
    { file: 'src/lock.ts', text: '// The value is read anew.', line: 1 },
    { file: 'src/lock.ts', text: '// Redis is away.', line: 1 },
    { file: 'src/lock.ts', text: '// The caller is told of it.', line: 1 },
    { file: 'src/cache.ts', text: '// reads the truth', line: 1 },
    { file: 'src/cache.ts', text: 'cache.holdOff(resources);', line: 1 },
    { file: 'docs/cache.md', text: 'The hold-off ends.', line: 1 },
    { file: 'src/lock.ts', text: '\n\nclass Crowd {}', line: 3 },
    { file: 'src/lock.ts', text: 'lease.giveBack();', line: 1 },
    { file: 'src/orders.ts', text: 'type Wish = string;', line: 1 },
    { file: 'test/adapters/lock.test.ts', text: "it('never forfeits', () => {});", line: 1 },
    { file: 'src/release.lua', text: '-- It gives the lock back.', line: 1 },
    { file: 'test/redis-away.test.ts', text: '', line: 0 },
    { file: 'src/keep.lua', text: '', line: 0 },
    { file: 'bench/speed.ts', text: 'type Bar = number;', line: 1 },
    { file: 'bench/speed.ts', text: 'latencyBars(outcomes);', line: 1 },
    { file: 'src/ranking.ts', text: 'const told = [sale];', line: 1 },
    { file: 'test/bus.test.ts', text: 'const heard: string[] = [];', line: 1 },
    { file: 'src/lock.ts', text: '// Most tries are in vain.', line: 1 },
    { file: 'docs/lock.md', text: 'Some waiters wait for ever.', line: 1 },
    { file: 'src/charge.ts', text: '/** What has become of a charge. */', line: 1 },
    { file: 'src/ranking.ts', text: '/** The ranking is at hand. */', line: 1 },
  ];

/** Usual words that look like a refused one. */
const ALLOWED: Readonly<Record<string, string>> = {
  'src/chart.ts': 'export type Bar = number;',
  'src/lock.ts': 'const deadlines = new Map(); // It goes on until the lease ends.',
  'src/lru.ts': "import { LRUCache } from 'lru-cache';",
  'src/house.ts': '// The waiters stand in a queue, step by step.',
};

const FOLDERS = ['src', 'test', 'docs', 'bench'];
const EMPTY = Object.fromEntries(FOLDERS.map((folder) => [`${folder}/empty.ts`, '']));

/** The names and the texts of the source files, without the list of refused words itself. */
function sourceText(): string {
  const files = globSync('{src,test,tools,bench}/**/*.{ts,lua}', { cwd: projectRoot }).filter(
    (file) => !/node_modules|refused-words\.ts$/.test(file),
  );
  return files
    .map((file) => `${file}\n${readFileSync(path.join(projectRoot, file), 'utf8')}`)
    .join('\n');
}

describe('The check of words', () => {
  for (const { file, text, line } of PLANTED) {
    it(`refuses ${text === '' ? `the file name ${file}` : JSON.stringify(text)}`, () => {
      using tree = new SourceTree({ ...EMPTY, [file]: text });
      const { found } = checkWords(tree.root, FOLDERS, []);
      expect(found.map((use) => [use.file, use.line])).to.deep.include([file, line]);
      for (const { use } of found) expect(use).not.to.equal('');
    });
  }

  it('accepts usual words that look like refused ones', () => {
    using tree = new SourceTree({ ...EMPTY, ...ALLOWED });
    expect(checkWords(tree.root, FOLDERS, []).found).to.deep.equal([]);
  });

  it('skips the excluded files', () => {
    using tree = new SourceTree({ ...EMPTY, 'src/old/text.ts': '// anew' });
    expect(checkWords(tree.root, FOLDERS, ['src/old']).found).to.deep.equal([]);
  });

  it('recommends names that the project has', () => {
    const names = Object.values(REPLACED_NAMES).filter((name) => /^[\w.-]+$/.test(name));
    const source = sourceText();
    expect(names).to.have.length.greaterThan(30);
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(source))).to.deep.equal([]);
  });

  it('finds no refused word in this project', () => {
    const { checked, found } = checkWords(projectRoot);
    expect(found).to.deep.equal([]);
    expect(checked).to.be.greaterThan(5);
  });
});

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { experiments } from '../../../src/experiments/experiments.js';
import { projectRoot } from '../../../tools/project-root.js';
import { scenarios } from '../../system/faults/scenarios/scenarios.js';

const PAGE = path.join(projectRoot, 'docs', 'learn', 'topics.md');
const COLUMNS = ['topic', 'code', 'test', 'experiment or command', 'figures and pages'];
const page = readFileSync(PAGE, 'utf8');

/** The cells of each topic, in the order of the columns. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith(`| ${COLUMNS[0]} |`))
  .map((line) => line.split('|').slice(1, -1));

function linksOf(text: string): string[] {
  return [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, link]) =>
    path.resolve(path.dirname(PAGE), `${link}`),
  );
}

describe('The page of topics', () => {
  it('has a code, a test and a page or a picture for every topic', () => {
    expect(rows).to.have.length.greaterThan(30);
    for (const [topic = '', code = '', test = '', , figures = ''] of rows) {
      for (const cell of [code, test, figures]) expect(linksOf(cell), topic).not.to.have.length(0);
      for (const file of linksOf(test)) expect(file).to.match(/\.test\.ts$/);
    }
  });

  it('names files that exist', () => {
    const missing = linksOf(page).filter((file) => !existsSync(file));
    expect(missing).to.deep.equal([]);
  });

  it('names tests by titles that exist in the linked file', () => {
    const named = rows.flatMap(([, , test = '']) => [
      ...test.matchAll(/\]\(([^)]+)\): “([^”]+)”/g),
    ]);
    expect(named).to.have.length.greaterThan(10);
    for (const [, link, title] of named) {
      const source = readFileSync(path.resolve(path.dirname(PAGE), `${link}`), 'utf8');
      expect(source, `${link}`).to.include(`'${title}'`);
    }
  });

  it('names every experiment and no other, and only commands and faults that exist', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8'));
    const calls = [...page.matchAll(/`npm run ([\w-]+)(?: -- ([^`]+))?`/g)];
    const words = (command: string) =>
      calls.flatMap(([, name, args = '']) => (name === command ? args.split(' ') : []));
    expect(
      calls.map(([, name]) => name).filter((name) => !Object.hasOwn(scripts, `${name}`)),
    ).to.deep.equal([]);
    const shown = new Set(words('experiment').filter((word) => word !== '' && word !== 'NAME'));
    expect([...shown].sort()).to.deep.equal(experiments.map(({ id }) => id).sort());
    for (const fault of words('faults')) {
      expect(scenarios.map(({ name }) => name)).to.include(fault);
    }
  });
});

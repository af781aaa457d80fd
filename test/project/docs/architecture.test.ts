import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../../tools/project-root.js';

const inProject = (...steps: string[]) => path.join(projectRoot, ...steps);

/** Folders of one kind, which one row describes together. */
const DESCRIBED_TOGETHER = /^(src\/experiments\/(?:scenarios|support))\/.*/;

const SOURCES = globSync('src/**/*.{ts,tsx}', { cwd: projectRoot }).map((file) =>
  file.replaceAll(path.sep, '/'),
);

const IMPORT = /(?:\bfrom|\bimport\(?)\s*'(\.[^']+)'/g;

/** Layers whose folders may import each other. */
const SHARED = new Set(['src/domain', 'src/application']);

/** The folder whose row describes this file. */
function folderOf(file: string): string {
  return path.posix.dirname(file).replace(DESCRIBED_TOGETHER, '$1');
}

function importsOf(file: string): string[] {
  const text = readFileSync(inProject(file), 'utf8');
  return [...text.matchAll(IMPORT)].map(([, to = '']) =>
    path.posix.join(path.posix.dirname(file), to),
  );
}

interface Row {
  readonly folder: string;
  readonly holds: string;
  readonly imports: string;
}

function rowsOf(page: string): Row[] {
  const lines = page.split('\n').filter((line) => line.startsWith('| `src/'));
  return lines.map((line) => {
    const [folder = '', holds = '', imports = ''] = line.slice(2, -2).split(' | ');
    return { folder: folder.replaceAll('`', ''), holds, imports };
  });
}

/** The folder that a name means in the row of another: the nearest one, beside it or further up. */
function named(name: string, inRowOf: string): string {
  for (let around = inRowOf; around !== '.'; around = path.posix.dirname(around)) {
    if (path.posix.basename(around) === name) return around;
    const beside = path.posix.join(path.posix.dirname(around), name);
    if (existsSync(inProject(beside))) return beside;
  }
  throw new Error(
    `The row of ${inRowOf} names ${name}, which is no folder beside it or further up.`,
  );
}

const within = (file: string, folder: string) => file.startsWith(`${folder}/`);

/** Whether the row allows a file of its folder to import `to`. */
function allows({ folder, imports }: Row, to: string): boolean {
  if (within(to, folder)) return true;
  const names = [...imports.matchAll(/`([\w/-]+)`/g)].map(([, name = '']) => name);
  if (imports.startsWith('everything except')) {
    return names.every((name) => !within(to, named(name, folder)));
  }
  if (imports.includes('the observers of other adapters') && to.endsWith('-observer.js')) {
    return true;
  }
  return names
    .map((name) => named(name, folder))
    .some((allowed) =>
      within(folder, allowed) && !SHARED.has(allowed)
        ? path.posix.dirname(to) === allowed
        : within(to, allowed),
    );
}

describe('The tables of folders in docs/architecture.md', () => {
  const rows = rowsOf(readFileSync(inProject('docs', 'architecture.md'), 'utf8'));
  const folders = new Set(SOURCES.map(folderOf));

  it('have one row for every folder of src with code', () => {
    const described = rows.map(({ folder }) => folder);
    expect(folders).to.have.length.greaterThan(60);
    expect(described).to.include.members([...folders].filter((folder) => folder !== 'src'));
    expect(described).to.have.length(new Set(described).size);
  });

  it('have no row for a folder that does not exist', () => {
    const missing = rows.filter(({ folder }) => !existsSync(inProject(folder)));
    expect(missing).to.deep.equal([]);
  });

  it('say for each folder what it contains', () => {
    for (const { folder, holds } of rows) expect(holds, folder).not.to.equal('');
  });

  it('allow every import', () => {
    const refused = rows.flatMap((row) =>
      SOURCES.filter((file) => folderOf(file) === row.folder).flatMap((file) =>
        importsOf(file)
          .filter((to) => !allows(row, to))
          .map((to) => `${file} imports ${to}`),
      ),
    );
    expect(refused.join('\n')).to.equal('');
  });
});

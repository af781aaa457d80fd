import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../../tools/project-root.js';

/** Folders whose own folders are in the table too. */
const LAYERS = ['src/domain', 'src/application', 'src/adapters'];

function foldersIn(folder: string): string[] {
  return readdirSync(path.join(projectRoot, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${folder}/${name}`);
}

describe('The table of folders in docs/architecture.md', () => {
  const page = readFileSync(path.join(projectRoot, 'docs', 'architecture.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `src/'));
  const cells = rows.map((row) =>
    row.split(' | ').map((cell) => cell.replace(/^\||\|$/g, '').trim()),
  );

  it('names every folder of src', () => {
    const folders = [
      ...foldersIn('src').filter((folder) => folder !== 'src/adapters'),
      ...LAYERS.flatMap(foldersIn),
    ];
    const named = cells.map(([folder = '']) => folder.replaceAll('`', ''));
    expect(folders).to.have.length.greaterThan(25);
    expect(named).to.include.members(folders);
  });

  it('says for each folder what it contains and what it may import', () => {
    for (const [folder = '', holds = '', imports = ''] of cells) {
      expect(holds, folder).not.to.equal('');
      expect(imports, folder).not.to.equal('');
    }
  });
});

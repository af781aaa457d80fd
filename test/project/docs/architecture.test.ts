import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../../tools/project-root.js';

/** Folders whose own folders are rooms too. */
const LAYERS = ['src/domain', 'src/application', 'src/adapters'];

function foldersIn(folder: string): string[] {
  return readdirSync(path.join(projectRoot, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${folder}/${name}`);
}

describe('The table of rooms in docs/architecture.md', () => {
  const page = readFileSync(path.join(projectRoot, 'docs', 'architecture.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `src/'));
  const cells = rows.map((row) =>
    row.split(' | ').map((cell) => cell.replace(/^\||\|$/g, '').trim()),
  );

  it('names every room of src', () => {
    const rooms = [
      ...foldersIn('src').filter((room) => room !== 'src/adapters'),
      ...LAYERS.flatMap(foldersIn),
    ];
    const named = cells.map(([room = '']) => room.replaceAll('`', ''));
    expect(rooms).to.have.length.greaterThan(25);
    expect(named).to.include.members(rooms);
  });

  it('says for each room what it contains and what it may import', () => {
    for (const [room = '', holds = '', imports = ''] of cells) {
      expect(holds, room).not.to.equal('');
      expect(imports, room).not.to.equal('');
    }
  });
});

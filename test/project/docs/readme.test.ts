import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { SECRETS } from '../../../src/config/settings/files/secret-files.js';
import { SETTING_NAMES } from '../../../src/config/settings/settings.js';
import { projectRoot } from '../../../tools/project-root.js';
import { plantedFaults } from '../../adapters/lock/planted-faults/planted-fault.js';
import { scenarios } from '../../system/faults/scenarios/scenarios.js';

function read(file: string): Promise<string> {
  return readFile(path.join(projectRoot, file), 'utf8');
}

describe('The documentation', () => {
  it('shows the unit test with a fake lock exactly as it is in the source', async () => {
    const example = /by a fake:\n\n```ts\n([\s\S]*?)```/.exec(await read('README.md'))?.[1];
    expect(example).to.be.a('string');
    expect(await read('test/application/fake-lock.test.ts')).to.include(example);
    expect(example?.trim().split('\n').length).to.be.lessThan(10);
  });

  it('names every setting, and no setting that does not exist', async () => {
    // The variables of TLS are listed once, with the names for the database.
    const known = SETTING_NAMES.map((name) => name.replace(/^(REDIS|KAFKA)_TLS_/, 'DATABASE_TLS_'));
    const table = (await read('docs/operations/settings.md'))
      .split('\n')
      .filter((l) => l.startsWith('| `'));
    const named = table.flatMap((line) => {
      const cell = line.split('|')[1] ?? '';
      return [...cell.matchAll(/`([A-Z0-9_]+)`/g)].map(([, name]) => name);
    });
    expect(known).to.have.length.greaterThan(20);
    expect([...new Set(named)]).to.have.members([...new Set(known)]);
  });

  it('names every secret that may be in a file', async () => {
    const [, text = ''] = (await read('docs/operations/settings.md')).split('\n## Secrets\n');
    const named = [...(text.split(' are secrets')[0] ?? '').matchAll(/`(\w+)`/g)];
    expect(named.map(([, name]) => name)).to.have.members([...SECRETS]);
    expect(SETTING_NAMES).to.include.members([...SECRETS]);
  });

  it('lists the faults planted in the lock, and the faults of real servers', async () => {
    const page = await read('docs/learn/lock-faults.md');
    const rows = page.split('\n').filter((line) => line.startsWith('| '));
    const planted = rows.filter((line) => / \| (redis|in process) \| /.test(line));
    expect(planted).to.deep.equal(
      plantedFaults.map(({ name, lock, caughtBy }) => `| ${name} | ${lock} | ${caughtBy} |`),
    );
    const named = rows.flatMap((line) => /^\| `([\w-]+)` \|/.exec(line)?.[1] ?? []);
    expect(named).to.deep.equal(scenarios.map(({ name }) => name));
  });
});

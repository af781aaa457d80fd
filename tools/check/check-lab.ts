/** Checks the types of the lab's page, and that the built page in the repository is up to date. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { buildLab, LAB_PAGE } from '../build/build-lab.js';
import { projectRoot } from '../project-root.js';
import { TemporaryFolder } from '../servers/temporary-folder.js';

const compiler = path.join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
const types = spawnSync(process.execPath, [compiler, '-p', path.join(projectRoot, 'lab')], {
  stdio: 'inherit',
});
await using folder = new TemporaryFolder('lab-page');
buildLab(folder.path);
const [built, kept] = [contents(folder.path), contents(LAB_PAGE)];
const different = [...built.keys(), ...kept.keys()].filter(
  (name) => built.get(name) !== kept.get(name),
);
for (const name of new Set(different)) console.error(`${name} is not built from lab/ as it is now`);
if (different.length > 0) console.error('npm run build builds it');
process.exitCode = types.status === 0 && different.length === 0 ? 0 : 1;

function contents(root: string): Map<string, string> {
  return new Map(
    readdirSync(root).map((name) => [name, readFileSync(path.join(root, name), 'utf8')]),
  );
}

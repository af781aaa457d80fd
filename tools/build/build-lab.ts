import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { projectRoot } from '../project-root.js';

/** The source of the page. */
const LAB = path.join(projectRoot, 'lab');

/** The built page. It is in the repository, so that `npm start` needs no tools of the front-end. */
export const LAB_PAGE = path.join(projectRoot, 'src', 'adapters', 'http', 'lab', 'page');

/**
 * Builds the page of the lab into a folder, which is emptied before.
 *
 * @throws Error Vite does not build it; the message has its output
 */
export function buildLab(folder = LAB_PAGE): void {
  const manifest = createRequire(path.join(LAB, 'package.json')).resolve('vite/package.json');
  const vite = path.join(path.dirname(manifest), 'bin', 'vite.js');
  const args = [vite, 'build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'];
  const run = spawnSync(process.execPath, args, { cwd: LAB, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`vite failed: ${run.stdout}${run.stderr}`);
}

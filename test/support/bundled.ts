import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '../../tools/project-root.js';

/**
 * The same program in the bundle that `npm test` makes (`tools/test/bundle-programs.ts`), because that starts
 * faster; without a bundle the program itself.
 */
export function bundled(program: URL): string {
  const file = fileURLToPath(program);
  const bundle = process.env['TEST_BUNDLE'];
  return bundle ? path.join(bundle, path.relative(path.join(projectRoot, 'dist'), file)) : file;
}

import { projectRoot } from '../project-root.js';
import { checkNamedPaths } from './named-paths.js';

const { checked, missing } = checkNamedPaths(projectRoot);
for (const { page, line, named } of missing) {
  console.error(`${page}:${line}: ${named} does not exist`);
}
if (checked === 0) console.error('paths: found nothing to check');
else console.log(`paths: ${checked} named in pages, ${missing.length} missing`);
if (checked === 0 || missing.length > 0) process.exitCode = 1;

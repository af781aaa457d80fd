import path from 'node:path';
import { build, isBuilt } from './build.mjs';
import { exclusively } from './exclusive.mjs';
import { install, isInstalled } from './install/installation.mjs';
import { hasNode24, installNode24 } from './install/node-24.mjs';
import { projectRoot } from './project-root.mjs';

/**
 * Installs and builds what is missing or out of date; writes nothing when neither is.
 *
 * @param {'service' | 'all'} scope what the service runs on, or also tests, tools and benchmarks
 */
export async function prepare(scope) {
  if (isInstalled(scope) && hasNode24() && isBuilt(scope)) return;
  await exclusively(path.join(projectRoot, 'dist.lock'), async () => {
    // Another command may have done it all while this one waited.
    await Promise.all([isInstalled(scope) || install(scope), hasNode24() || installNode24()]);
    if (!isBuilt(scope)) await build(scope);
  });
}

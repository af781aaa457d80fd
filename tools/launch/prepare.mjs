import path from 'node:path';
import { build, isBuilt } from './build.mjs';
import { exclusively } from './exclusive.mjs';
import { install, isInstalled } from './installation.mjs';
import { projectRoot } from './project-root.mjs';

/** Installs and builds what is missing or out of date; writes nothing when neither is. */
export async function prepare() {
  if (isInstalled() && isBuilt()) return;
  await exclusively(path.join(projectRoot, 'dist.lock'), async () => {
    // Whoever held the lock before may have done it all.
    if (!isInstalled()) await install();
    if (!isBuilt()) await build();
  });
}

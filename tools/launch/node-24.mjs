import { existsSync } from 'node:fs';
import path from 'node:path';
import { LaunchError } from './failure.mjs';
import { projectRoot } from './project-root.mjs';

const REQUIRED_MAJOR = 24;

/** The Node.js the service runs on: the installed dependency, else this one if it is new enough. */
export function findNode24() {
  const installed = path.join(projectRoot, 'node_modules', 'node', 'bin', 'node');
  if (existsSync(installed)) return installed;
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= REQUIRED_MAJOR) return process.execPath;
  throw new LaunchError(
    `Node ${REQUIRED_MAJOR} is missing: run "npm install" with install scripts allowed, or use Node ${REQUIRED_MAJOR}`,
  );
}

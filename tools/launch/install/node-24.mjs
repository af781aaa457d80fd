import { existsSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../project-root.mjs';
import { runNpm } from './npm.mjs';

const REQUIRED_MAJOR = 24;
const folder = path.join(projectRoot, 'tools', 'node-24');
const fetched = path.join(folder, 'node_modules', 'node', 'bin', 'node');
const isNewEnough = Number(process.versions.node.split('.')[0]) >= REQUIRED_MAJOR;

export function hasNode24() {
  return isNewEnough || existsSync(fetched);
}

/** Fetches Node 24 as a package, for a machine whose own Node is older. */
export async function installNode24() {
  await runNpm(['ci'], `fetching Node ${REQUIRED_MAJOR}, since this is ${process.version}`, folder);
}

/** The Node.js that everything runs on. */
export function findNode24() {
  return isNewEnough ? process.execPath : fetched;
}

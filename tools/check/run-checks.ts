import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { projectRoot } from '../project-root.js';
import type { Check } from './checks.js';

/** Runs every check, also after one failed, and returns the names of those that failed. */
export async function runChecks(checks: readonly Check[]): Promise<string[]> {
  const failed: string[] = [];
  for (const check of checks) {
    console.log(`check: ${check.name}`);
    if (!(await passes(check))) failed.push(check.name);
  }
  return failed;
}

async function passes({ script }: Check): Promise<boolean> {
  const child = spawn(process.execPath, script, { cwd: projectRoot, stdio: 'inherit' });
  const [code] = await once(child, 'close');
  return code === 0;
}

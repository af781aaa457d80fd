import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { projectRoot } from '../project-root.js';
import type { Check } from './checks.js';

/** Runs each check to its end, also after one failed, and answers the names of those that did. */
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

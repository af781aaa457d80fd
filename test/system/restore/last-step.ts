import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { inheritedEnvironment } from '../../../tools/servers/processes/inherited-environment.js';
import type { Env } from '../../support/backends.js';
import { bundled } from '../../support/bundled.js';

const COMMAND = bundled(new URL('../../../src/commands/migrate.js', import.meta.url));

/** Runs `npm run migrate -- --after-restore`, and returns how many order requests it queued. */
export async function runLastStep(env: Env): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [COMMAND, '--after-restore'], {
    env: { ...inheritedEnvironment(), ...env },
  });
  const [, queued] = /^queued again: (\d+) /m.exec(stdout) ?? [];
  if (queued === undefined) throw new Error(`the last step printed: ${stdout}`);
  return Number(queued);
}

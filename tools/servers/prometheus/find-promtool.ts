import { findExecutable } from '../../../src/experiments/support/find-executable.js';
import { ServerUnavailableError } from '../server.js';
import { installPackage } from '../sources/debian-package.js';

/**
 * Path of promtool, which checks and tests the rules of Prometheus; on Debian and Ubuntu it is installed
 * when it is missing.
 *
 * @throws ServerUnavailableError
 */
export async function findPromtool(): Promise<string> {
  const present = findExecutable('promtool');
  if (present) return present;
  const installed = (await installPackage('prometheus')) ? findExecutable('promtool') : undefined;
  if (installed) return installed;
  throw new ServerUnavailableError(
    'promtool is needed: install it (Debian, Ubuntu: apt-get install prometheus)',
  );
}

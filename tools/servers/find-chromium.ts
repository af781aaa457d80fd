import { findExecutable } from '../../src/experiments/support/find-executable.js';
import { installPackage } from './sources/debian-package.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The second one has letters for Korean, which the system of a server may lack. */
const PACKAGES = 'chromium fonts-noto-cjk';

/**
 * Path of a Chromium; on Debian and Ubuntu it is installed when it is missing.
 *
 * @throws Error there is none, and what to install
 */
export async function findChromium(): Promise<string> {
  const present = find();
  if (present) return present;
  const installed = (await installPackage(PACKAGES)) ? find() : undefined;
  if (!installed) throw new Error(`no Chromium is installed: apt-get install ${PACKAGES}`);
  return installed;
}

function find(): string | undefined {
  return NAMES.map(findExecutable).find((file) => file !== undefined);
}

import { findExecutable } from '../../src/experiments/support/find-executable.js';
import { installPackage } from './sources/debian-package.js';

/** The shell has no window, and tests in it need half of the processor time. */
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];

/** What Debian and Ubuntu call it, in order of preference. */
const PACKAGES = ['chromium-headless-shell', 'chromium'];

/** It has letters for Korean, which the system of a server may lack. */
const FONTS = 'fonts-nanum';

/**
 * Path of a Chromium; on Debian and Ubuntu it is installed when it is missing.
 *
 * @throws Error there is none, and what to install
 */
export async function findChromium(): Promise<string> {
  const present = find();
  if (present) return present;
  for (const name of PACKAGES) {
    const installed = (await installPackage(`${name} ${FONTS}`)) ? find() : undefined;
    if (installed) return installed;
  }
  throw new Error(`no Chromium is installed: apt-get install ${PACKAGES[0]} ${FONTS}`);
}

function find(): string | undefined {
  return NAMES.map(findExecutable).find((file) => file !== undefined);
}

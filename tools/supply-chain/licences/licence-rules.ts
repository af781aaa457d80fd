/** The licences of packages that are accepted, as SPDX ids. */

/** Of what runs in production: their only duty is to keep their text with the package. */
const PERMISSIVE = [
  ...['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC0-1.0'],
  ...['ISC', 'MIT', 'Unlicense', 'Zlib'],
];

/** Of tools that are neither shipped nor changed: also duties about changed files or credit. */
const FOR_TOOLS = ['CC-BY-3.0', 'MPL-2.0', 'PSF-2.0', 'Python-2.0'];

export interface LicenceRules {
  readonly production: readonly string[];
  readonly development: readonly string[];
  /**
   * The licence of packages that declare none, or a wrong one, by `name@version`. Someone has read the
   * licence file of exactly this version.
   */
  readonly readByHand: Readonly<Record<string, string>>;
}

export const LICENCE_RULES: LicenceRules = {
  production: PERMISSIVE,
  development: [...PERMISSIVE, ...FOR_TOOLS],
  readByHand: {
    // Declares "UNLICENSED", and its LICENSE.md is that of redlock.
    '@sesamecare-oss/redlock@1.4.0': 'MIT',
    // Declare it in the old field `licenses`, which npm does not copy into package-lock.json.
    'buildcheck@0.0.7': 'MIT',
    'cpu-features@0.0.10': 'MIT',
    'ssh2@1.17.0': 'MIT',
  },
};

import satisfies from 'spdx-satisfies';
import type { LockedPackage, LockedPackages } from '../locked-packages.js';
import type { LicenceRules } from './licence-rules.js';

/** One line for each package whose licence is unknown or not allowed, and for each rule without use. */
export function licenceProblems(packages: LockedPackages, rules: LicenceRules): string[] {
  const known = new Set(packages.all.map(label));
  const unused = Object.keys(rules.readByHand).filter((each) => !known.has(each));
  return [
    ...packages.all
      .filter((each) => !isAllowed(each, rules))
      .map((each) => describe(each, packages.chainTo(each))),
    ...unused.map((each) => `${each}: is listed as read by hand, but not in package-lock.json`),
  ];
}

function isAllowed(each: LockedPackage, rules: LicenceRules): boolean {
  const licence = rules.readByHand[label(each)] ?? each.licence;
  const allowed = each.isForProduction ? rules.production : rules.development;
  try {
    return licence !== undefined && satisfies(licence, allowed);
  } catch {
    // Not an SPDX expression, such as "SEE LICENSE IN …".
    return false;
  }
}

function describe(each: LockedPackage, chain: string): string {
  const use = each.isForProduction ? 'production' : 'development';
  const licence = each.licence ?? 'none declared';
  return `${label(each)}: licence ${licence} is not allowed in ${use} (${chain})`;
}

function label({ name, version }: LockedPackage): string {
  return `${name}@${version}`;
}

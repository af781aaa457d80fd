import type { LibraryScan } from './library-scan.js';
import type { RegistryAudit } from './registry-audit.js';
import type { Vulnerability } from './vulnerability.js';

/** Exit codes of `npm run vulnerabilities`. */
export const NONE_KNOWN = 0;
export const SOME_KNOWN = 1;
/** Nothing was found, but the registry did not compare the packages. */
export const NOT_CHECKED = 3;

export interface Verdict {
  readonly exitCode: number;
  /** One line for each vulnerability. */
  readonly findings: readonly string[];
  /** What was checked, and what was not. */
  readonly summary: readonly string[];
}

export function verdict(audit: RegistryAudit, scans: readonly LibraryScan[]): Verdict {
  const recognised = scans.reduce((sum, scan) => sum + scan.recognised, 0);
  const inFiles = scans.flatMap(({ vulnerabilities }) => vulnerabilities);
  const inPackages = audit.isAnswered ? audit.vulnerabilities : [];
  return {
    exitCode: exitCode(audit, inFiles.length + inPackages.length),
    findings: [...inFiles, ...inPackages].map(describe),
    summary: [
      `libraries in files: ${recognised} files recognised, ${inFiles.length} vulnerabilities`,
      audit.isAnswered
        ? `packages: ${inPackages.length} vulnerabilities`
        : `packages: not checked: the registry answers no audits (${audit.reason})`,
    ],
  };
}

function exitCode({ isAnswered }: RegistryAudit, found: number): number {
  if (found > 0) return SOME_KNOWN;
  return isAnswered ? NONE_KNOWN : NOT_CHECKED;
}

function describe({ where, severity, title, links }: Vulnerability): string {
  return `${where}: ${severity}: ${title.trim().split('\n', 1)[0]} (${links.join(' ')})`;
}

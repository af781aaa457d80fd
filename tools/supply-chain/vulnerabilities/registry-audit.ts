import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { type LockedPackage, LockedPackages } from '../locked-packages.js';
import type { Vulnerability } from './vulnerability.js';

/** What the registry answers to an audit of a package-lock.json. */
export type RegistryAudit =
  | { readonly isAnswered: true; readonly vulnerabilities: readonly Vulnerability[] }
  | { readonly isAnswered: false; readonly reason: string };

/** What `npm audit --json` prints, as far as it is read here. */
interface AuditReport {
  readonly vulnerabilities?: Readonly<Record<string, AuditedPackage>>;
  readonly message?: string;
  readonly error?: { readonly summary?: string };
}

interface AuditedPackage {
  /** Its own advisories, and the names of packages through which it has others. */
  readonly via: readonly (Advisory | string)[];
  /** The places of node_modules that have an affected version. */
  readonly nodes: readonly string[];
}

interface Advisory {
  readonly title: string;
  readonly severity: string;
  readonly url: string;
}

/** One try, so that a machine without network gets its answer soon. */
const ONE_TRY = ['--fetch-retries=0', '--fetch-timeout=20000'];

/**
 * Asks the registry of npm's settings for the known vulnerabilities of all packages, also of those that only
 * development needs.
 *
 * @param folder contains package.json and package-lock.json
 */
export async function auditByRegistry(
  folder: string,
  options: readonly string[] = [],
): Promise<RegistryAudit> {
  const words = ['audit', '--json', '--package-lock-only', ...ONE_TRY, ...options];
  const npm = spawn('npm', words, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  const report = parse(await text(npm.stdout));
  if (!report?.vulnerabilities) return { isAnswered: false, reason: reasonOf(report) };
  const packages = new LockedPackages(folder);
  const vulnerabilities = Object.values(report.vulnerabilities).flatMap(({ via, nodes }) => {
    const affected = packages.all.filter(({ location }) => nodes.includes(location));
    return via
      .filter((cause) => typeof cause !== 'string')
      .flatMap((advisory) => affected.map((each) => vulnerability(each, advisory, packages)));
  });
  return { isAnswered: true, vulnerabilities };
}

function vulnerability(
  each: LockedPackage,
  { severity, title, url }: Advisory,
  packages: LockedPackages,
): Vulnerability {
  const use = each.isForProduction ? 'production' : 'development';
  const where = `${each.name}@${each.version}, ${use} (${packages.chainTo(each)})`;
  return { where, severity, title, links: [url] };
}

function parse(output: string): AuditReport | undefined {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}

function reasonOf(report: AuditReport | undefined): string {
  return report?.message || report?.error?.summary || 'npm audit gave no report';
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { projectRoot } from '../../project-root.js';
import type { Vulnerability } from './vulnerability.js';

const installed = (...steps: string[]) => path.join(projectRoot, 'node_modules', ...steps);

/** The database of retire.js as a package: the only one that npm's registry has. It is some months old. */
const PACKAGED_DATABASE = installed(
  ...['@salesforce', 'code-analyzer-retirejs-engine', 'vulnerabilities', 'RetireJsVulns.json'],
);

/** What retire prints, as far as it is read here. */
type ScanReport = readonly {
  readonly file: string;
  readonly results: readonly {
    readonly component: string;
    readonly version: string;
    readonly vulnerabilities?: readonly {
      readonly severity: string;
      readonly identifiers: { readonly summary?: string };
      readonly info: readonly string[];
    }[];
  }[];
}[];

export interface LibraryScan {
  /** How many files hold a library that the database knows; with 0 the scan says nothing. */
  readonly recognised: number;
  readonly vulnerabilities: readonly Vulnerability[];
}

/**
 * Recognises well-known browser libraries by the content of the JavaScript files in `folder`, also inside of
 * bundles, which no lock file names.
 *
 * @param options.ignored folders inside of it
 * @param options.database a file or URL in the format of retire.js
 * @throws Error the scan did not run
 */
export async function scanLibraries(
  folder: string,
  options: { readonly ignored?: readonly string[]; readonly database?: string | undefined } = {},
): Promise<LibraryScan> {
  const { ignored = [], database = PACKAGED_DATABASE } = options;
  const words = [
    ...['--path', folder, '--jsrepo', database],
    ...['--verbose', '--outputformat', 'jsonsimple'],
    ...(ignored.length > 0 ? ['--ignore', ignored.join(',')] : []),
  ];
  const retire = spawn(process.execPath, [installed('retire', 'lib', 'cli.js'), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(retire, 'close');
  const [output, complaint] = await Promise.all([text(retire.stdout), text(retire.stderr), ended]);
  const report = parse(output, complaint);
  return {
    recognised: report.length,
    vulnerabilities: report.flatMap(({ file, results }) =>
      results.flatMap(({ component, version, vulnerabilities = [] }) =>
        vulnerabilities.map(({ severity, identifiers, info }) => ({
          where: `${component} ${version} in ${path.relative(projectRoot, file)}`,
          severity,
          title: identifiers.summary ?? 'no summary',
          links: info.slice(0, 1),
        })),
      ),
    ),
  };
}

function parse(output: string, complaint: string): ScanReport {
  try {
    return JSON.parse(output);
  } catch (cause) {
    throw new Error(`retire gave no report: ${complaint.trim()}`, { cause });
  }
}

import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../tools/project-root.js';
import { findSchemathesis } from '../../tools/schemathesis/find-schemathesis.js';
import { TemporaryFolder } from '../../tools/servers/temporary-folder.js';

/** Checks of Schemathesis; those left out refuse what a schema cannot say, such as a taken sku. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
  'allow_header_conformance',
  'contract_headers',
];

export interface GeneratedRun {
  readonly url: string;
  /** Whose requests they are; without a token anyone's. */
  readonly token: string | undefined;
  readonly isBehindProxy: boolean;
  readonly seconds: number;
  readonly seed: number;
  /** Ends the run when so many failures are found. */
  readonly mostFailures?: number;
}

export interface GeneratedResult {
  /** Requests that were sent. */
  readonly requests: number;
  readonly hasPassed: boolean;
  /** What Schemathesis printed. */
  readonly report: string;
}

/** Sends requests made from the service's own OpenAPI document, right ones and wrong ones. */
export async function sendGenerated(run: GeneratedRun): Promise<GeneratedResult> {
  const program = await findSchemathesis();
  const folder = new TemporaryFolder('generated');
  try {
    const report = path.join(folder.path, 'run.json');
    const { code, output } = await execute(program, argumentsOf(run, report), {
      cwd: folder.path,
      env: {
        ...process.env,
        SCHEMATHESIS_HOOKS: 'contract_checks',
        PYTHONPATH: path.join(projectRoot, 'test', 'generated'),
        PYTHONDONTWRITEBYTECODE: '1',
        CONTRACT_PROXY: run.isBehindProxy ? 'yes' : 'no',
      },
    });
    return { requests: requestsIn(report), hasPassed: code === 0, report: output };
  } finally {
    await folder.close();
  }
}

function argumentsOf(run: GeneratedRun, report: string): string[] {
  const { url, token, seconds, seed, mostFailures } = run;
  return [
    ...['run', `${url}/openapi.json`, '--no-color', '--continue-on-failure'],
    ...['--phases', 'examples,coverage,fuzzing,stateful', '--checks', CHECKS.join()],
    ...['--max-time', String(seconds), '--seed', String(seed), '--wait-for-schema', '30'],
    ...(mostFailures === undefined ? [] : ['--max-failures', String(mostFailures)]),
    ...['--report', 'json', '--report-json-path', report],
    ...(token === undefined ? [] : ['--header', `Authorization: Bearer ${token}`]),
  ];
}

async function execute(program: string, args: readonly string[], options: object) {
  const settings = { ...options, maxBuffer: Number.POSITIVE_INFINITY };
  return promisify(execFile)(program, [...args], settings).then(
    ({ stdout }) => ({ code: 0, output: String(stdout) }),
    (
      error: Error & { readonly code?: number; readonly stdout?: string; readonly stderr?: string },
    ) => ({
      code: error.code ?? 1,
      output: `${error.stdout ?? ''}${error.stderr ?? ''}`,
    }),
  );
}

function requestsIn(report: string): number {
  if (!existsSync(report)) return 0;
  return JSON.parse(readFileSync(report, 'utf8')).test_cases.generated;
}

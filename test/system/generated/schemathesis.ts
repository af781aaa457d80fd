import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../../tools/project-root.js';
import { findSchemathesis } from '../../../tools/schemathesis/find-schemathesis.js';
import { TemporaryFolder } from '../../../tools/servers/temporary-folder.js';

/**
 * Checks of Schemathesis. Those left out know only what a schema says: a taken sku is refused, and a
 * released reservation may still be read.
 */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
  'allow_header_conformance',
  'negative_data_rejection',
  'missing_required_header',
  'ignored_auth',
  'contract_headers',
];

const PHASES = ['examples', 'coverage', 'fuzzing', 'stateful'];

export interface GeneratedRun {
  readonly url: string;
  /** Whose requests they are; without a token anyone's. */
  readonly token: string | undefined;
  readonly isBehindProxy: boolean;
  readonly seconds: number;
  readonly seed: number;
  /** All of Schemathesis's unless they are set. */
  readonly phases?: readonly string[];
}

export interface GeneratedResult {
  /**
   * How many answers there were of each kind, by whom the operation is for (`open`, `customer` or
   * `admin`) and class of status, as in `customer 2xx`; and of those who were `let in`.
   */
  readonly answers: Readonly<Record<string, number>>;
  readonly hasPassed: boolean;
  /** What Schemathesis printed. */
  readonly report: string;
}

/** Sends requests made from the service's own OpenAPI document, right ones and wrong ones. */
export async function sendGenerated(run: GeneratedRun): Promise<GeneratedResult> {
  const program = await findSchemathesis();
  const folder = new TemporaryFolder('generated');
  try {
    const answers = path.join(folder.path, 'answers.json');
    const { code, output } = await execute(program, argumentsOf(run), {
      cwd: folder.path,
      env: {
        ...process.env,
        SCHEMATHESIS_HOOKS: 'contract_checks',
        PYTHONPATH: path.join(projectRoot, 'test', 'system', 'generated'),
        PYTHONDONTWRITEBYTECODE: '1',
        CONTRACT_ANSWERS: answers,
        CONTRACT_PROXY: run.isBehindProxy ? 'yes' : 'no',
      },
    });
    const noted = existsSync(answers) ? JSON.parse(readFileSync(answers, 'utf8')) : {};
    return { answers: noted, hasPassed: code === 0, report: output };
  } finally {
    await folder.close();
  }
}

function argumentsOf(run: GeneratedRun): string[] {
  const { url, token, seconds, seed, phases = PHASES } = run;
  return [
    ...['run', `${url}/openapi.json`, '--no-color', '--continue-on-failure'],
    ...['--phases', phases.join(), '--checks', CHECKS.join()],
    ...['--max-time', String(seconds), '--seed', String(seed), '--wait-for-schema', '30'],
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

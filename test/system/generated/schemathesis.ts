import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../../tools/project-root.js';
import { findPythonTool } from '../../../tools/python/find-python-tool.js';
import { TemporaryFolder } from '../../../tools/servers/temporary-folder.js';

/**
 * Checks of Schemathesis. The others know only the schema, so they would report a refused repeated
 * sku, or a released reservation that can still be read.
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
  /** The token of the requests; without it they have none. */
  readonly token: string | undefined;
  readonly isBehindProxy: boolean;
  readonly seconds: number;
  readonly seed: number;
  /** All phases of Schemathesis unless this is set. */
  readonly phases?: readonly string[];
}

export interface GeneratedResult {
  /**
   * The number of answers of each kind, by the role that the operation needs (`open`, `customer` or
   * `admin`) and the class of the status, as in `customer 2xx`. `let in` counts the answers of
   * callers that were admitted.
   */
  readonly answers: Readonly<Record<string, number>>;
  readonly hasPassed: boolean;
  /** The output of Schemathesis. */
  readonly report: string;
}

/** Sends valid and invalid requests made from the OpenAPI document of the service. */
export async function sendGenerated(run: GeneratedRun): Promise<GeneratedResult> {
  const program = await findPythonTool('schemathesis');
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

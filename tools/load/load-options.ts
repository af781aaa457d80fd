import path from 'node:path';
import {
  type CommandLine,
  type CommandUsage,
  UsageError,
} from '../../src/commands/command-line.js';
import { projectRoot } from '../project-root.js';

/** Default duration of each scenario in seconds; a sale ends when everything is sold. */
export const SCENARIOS: Readonly<Record<string, number>> = {
  steady: 60,
  'flash-sale': 0,
  wallets: 30,
  catalogue: 30,
  spike: 60,
  soak: 600,
};

const LONGEST_SECONDS = 3_600;

export interface LoadOptions {
  readonly scenario: string;
  readonly seconds: number;
  /** A running service; without it a cluster is started. */
  readonly url: string | undefined;
}

/** An expected failure: it is printed as one line, without a stack. */
export class LoadError extends Error {
  override readonly name = 'LoadError';
}

export const LOAD_USAGE = {
  command: 'npm run load',
  synopsis: 'SCENARIO [--url U] [--seconds N]',
  does: `Runs a k6 load against a cluster of two instances, which it starts and stops. Then it audits stock,
ledgers and orders. Scenarios: ${Object.keys(SCENARIOS).join(', ')}.`,
  takesWords: true,
  options: {
    url: { type: 'string', value: 'U', says: 'a running service on this machine' },
    seconds: {
      type: 'string',
      value: 'N',
      says: `1 to ${LONGEST_SECONDS}; each scenario has its own default`,
    },
  },
  examples: ['flash-sale', 'steady --seconds 20 --url http://127.0.0.1:8080'],
} as const satisfies CommandUsage;

/** @throws UsageError */
export function readOptions({
  words,
  values,
}: Pick<CommandLine<typeof LOAD_USAGE.options>, 'words' | 'values'>): LoadOptions {
  const [scenario = '', ...more] = words;
  const usual = SCENARIOS[scenario];
  if (usual === undefined || more.length > 0) {
    throw new UsageError(`name one scenario of ${Object.keys(SCENARIOS).join(', ')}`);
  }
  const seconds = Number(values.seconds ?? usual);
  const isLength = Number.isInteger(seconds) && seconds > 0 && seconds <= LONGEST_SECONDS;
  if (values.seconds !== undefined && !isLength) {
    throw new UsageError(`--seconds is a whole number from 1 to ${LONGEST_SECONDS}`);
  }
  if (values.url !== undefined) expectLoopback(values.url);
  return { scenario, seconds, url: values.url };
}

export function scriptOf(scenario: string): string {
  return path.join(projectRoot, 'load', `${scenario}.js`);
}

/** The load places many orders, so it must not be sent to another machine. */
function expectLoopback(url: string): void {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  if (/^(127(\.\d+){3}|localhost|\[::1\])$/.test(host)) return;
  throw new UsageError('--url is an http address of this machine, such as http://127.0.0.1:8080');
}

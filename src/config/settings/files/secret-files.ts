import { readFileSync } from 'node:fs';

/** Variables that hold a secret; with `_FILE` after its name each also names a file that holds it. */
export const SECRETS = [
  'DATABASE_URL',
  'REDIS_URL',
  'KAFKA_SASL_PASSWORD',
  'JWT_SECRET',
  'PAYMENT_GATEWAY_KEY',
  'LAB_SIGN_IN_CODE',
] as const;

/** The files of secrets, read; a problem is one line that names the variable and never the secret. */
export interface SecretsRead {
  readonly values: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

/**
 * Reads each secret that `env` names by file, as Docker and Kubernetes mount them. One line break at the end of
 * a file is not part of the secret. An empty variable counts as absent.
 */
export function readSecretFiles(env: Readonly<NodeJS.ProcessEnv>): SecretsRead {
  const values: Record<string, string> = {};
  const problems: string[] = [];
  for (const name of SECRETS) {
    const file = env[`${name}_FILE`];
    if (!file) continue;
    if (env[name]) {
      problems.push(`${name}, ${name}_FILE: set one of them, not both`);
      continue;
    }
    try {
      const secret = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
      if (secret) values[name] = secret;
      else problems.push(`${name}_FILE: ${file} is empty`);
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      problems.push(`${name}_FILE: ${file} cannot be read (${code})`);
    }
  }
  return { values, problems };
}

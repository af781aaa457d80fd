import { hostname } from 'node:os';
import { z } from 'zod';
import { cacheProblem, cacheSettings } from './cache-settings.js';
import { readSecretFiles } from './files/secret-files.js';
import { httpProblem, httpSettings } from './http-settings.js';
import { labSettings } from './lab-settings.js';
import { limitSettings } from './limit-settings.js';
import { lockSettings, redisProblem } from './lock-settings.js';
import { orderSettings } from './order-settings.js';
import { paymentProblem, paymentSettings } from './payment-settings.js';
import { queueProblem, queueSettings } from './queue-settings.js';
import { saslProblem } from './tls/sasl-settings.js';
import { tlsProblem, tlsSettings } from './tls/tls-settings.js';
import { tracingProblem, tracingSettings } from './tracing-settings.js';
import { databaseUrl, documentUrl } from './values/addresses.js';
import { count, milliseconds, type Values, whole } from './values/values.js';

const processSettings = {
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  INSTANCE_ID: z
    .string()
    .max(64)
    .regex(/^[\w.:-]+$/)
    .optional(),
  DATA_DIR: z.string().default('data'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).optional(),
  LOG_FORMAT: z.enum(['json', 'pretty']).optional(),
  SEED_DEMO: z.stringbool().optional(),
  STARTUP_WAIT_MS: milliseconds(10_000),
  SHUTDOWN_GRACE_MS: milliseconds(10_000),
  SHUTDOWN_DRAIN_MS: milliseconds(0, 0),
};

const databaseSettings = {
  DATABASE_URL: databaseUrl.optional(),
  MIGRATE: z.stringbool().default(true),
  ...tlsSettings('DATABASE'),
  DB_POOL_MAX: count(10),
  DB_ACQUIRE_MS: milliseconds(5_000),
  DB_CONNECT_MS: milliseconds(2_000),
  DB_QUERY_MS: milliseconds(8_000),
};

const tokenSettings = {
  JWT_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  JWT_JWKS_URL: documentUrl.optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  JWT_CLOCK_TOLERANCE_MS: whole(0, 300_000).default(5_000),
};

/** Every environment variable the service reads, with its default. An empty one counts as absent. */
const Environment = z.object({
  ...processSettings,
  ...httpSettings,
  ...limitSettings,
  ...databaseSettings,
  ...lockSettings,
  ...cacheSettings,
  ...tokenSettings,
  ...orderSettings,
  ...paymentSettings,
  ...queueSettings,
  ...labSettings,
  ...tracingSettings,
});

/** Variables of earlier versions, and the names they have now. */
const RENAMED: Readonly<Record<string, string>> = {
  PAYMENT_PATIENCE_MS: 'PAYMENT_ABANDON_AFTER_MS',
  EXPIRY_TERM_MS: 'SWEEPER_LEASE_MS',
};

/** The settings of the service; durations in milliseconds. */
export type Settings = Omit<
  z.output<typeof Environment>,
  'INSTANCE_ID' | 'KAFKA_EVENTS_TOPIC' | 'LAB' | 'LOG_LEVEL' | 'SEED_DEMO'
> & {
  readonly INSTANCE_ID: string;
  readonly KAFKA_EVENTS_TOPIC: string;
  readonly LAB: boolean;
  readonly LOG_LEVEL: string;
  readonly SEED_DEMO: boolean;
};

/** A setting is missing or wrong; the message has a line for each. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** The names of all variables. */
export const SETTING_NAMES: readonly string[] = Object.keys(Environment.shape);

/** @throws SettingsError */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const present = Object.entries(env).filter(([, value]) => value !== undefined && value !== '');
  refuseOldNames(present.map(([name]) => name));
  const secrets = readSecretFiles(env);
  if (secrets.problems.length > 0) throw new SettingsError(secrets.problems.join('\n'));
  const result = Environment.safeParse({ ...Object.fromEntries(present), ...secrets.values });
  if (!result.success) {
    const lines = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new SettingsError(lines.join('\n'));
  }
  const values = result.data;
  const problem = problemOf(values);
  if (problem) throw new SettingsError(problem);
  const production = values.NODE_ENV === 'production';
  return {
    ...values,
    INSTANCE_ID: values.INSTANCE_ID ?? `${hostname()}-${process.pid}`,
    KAFKA_EVENTS_TOPIC: values.KAFKA_EVENTS_TOPIC ?? `${values.KAFKA_TOPIC}.events`,
    LAB: values.LAB ?? !production,
    LOG_LEVEL: values.LOG_LEVEL ?? (production ? 'info' : 'warn'),
    SEED_DEMO: values.SEED_DEMO ?? !production,
  };
}

/** A renamed variable must not be ignored: the service would run with a default instead. */
function refuseOldNames(names: readonly string[]): void {
  const old = names.filter((name) => Object.hasOwn(RENAMED, name));
  if (old.length === 0) return;
  const lines = old.map((name) => `${name}: is now called ${RENAMED[name]}; set that instead`);
  throw new SettingsError(lines.join('\n'));
}

/** The first problem that no variable shows by itself; undefined when there is none. */
function problemOf(values: z.output<typeof Environment>): string | undefined {
  return (
    tokenProblem(values) ??
    httpProblem(values) ??
    cacheProblem(values) ??
    paymentProblem(values) ??
    queueProblem(values) ??
    redisProblem(values) ??
    tlsProblem(values) ??
    saslProblem(values) ??
    tracingProblem(values)
  );
}

function tokenProblem(values: Values<typeof tokenSettings>): string | undefined {
  if (!values.JWT_JWKS_URL) return undefined;
  if (values.JWT_SECRET) return 'JWT_SECRET, JWT_JWKS_URL: set one of them, not both';
  const missing = (['JWT_ISSUER', 'JWT_AUDIENCE'] as const).filter((name) => !values[name]);
  if (missing.length === 0) return undefined;
  const reason = 'the provider also signs tokens for other services, which must be refused here';
  return `${missing.join(', ')}: must be set with JWT_JWKS_URL; ${reason}`;
}

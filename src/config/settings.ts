import { hostname } from 'node:os';
import { z } from 'zod';

const milliseconds = (fallback: number) => z.coerce.number().int().min(1).default(fallback);
const count = (fallback: number) => z.coerce.number().int().min(1).default(fallback);
const flag = z.stringbool().optional();

/** Every environment variable the service reads, with its default. An empty one counts as absent. */
const Environment = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  INSTANCE_ID: z
    .string()
    .max(64)
    .regex(/^[\w.:-]+$/)
    .optional(),
  DATA_DIR: z.string().default('data'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).optional(),

  DATABASE_URL: z
    .url({ protocol: /^(mysql|mariadb)$/, error: 'must be mysql://… or mariadb://…' })
    .optional(),
  DB_POOL_MAX: count(10),
  DB_ACQUIRE_MS: milliseconds(5_000),
  DB_CONNECT_MS: milliseconds(2_000),
  DB_QUERY_MS: milliseconds(8_000),

  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be redis://… or rediss://…' }).optional(),
  LOCK_STRATEGY: z.enum(['simple', 'spin', 'pubsub']).default('pubsub'),
  LOCK_WAIT_MS: milliseconds(10_000),
  LOCK_LEASE_MS: z.coerce.number().int().min(100).default(10_000),
  LOCK_MAX_WAITERS: count(10_000),

  JWT_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  JWT_JWKS_URL: z.url({ protocol: /^https?$/, error: 'must be http(s)://…' }).optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),

  ORDER_PAYMENT_WINDOW_MS: milliseconds(15 * 60 * 1000),
  STARTUP_WAIT_MS: milliseconds(10_000),
  SHUTDOWN_GRACE_MS: milliseconds(10_000),
  SEED_DEMO: flag,
});

/** What the service is told from outside; durations in milliseconds. */
export type Settings = Omit<
  z.output<typeof Environment>,
  'INSTANCE_ID' | 'LOG_LEVEL' | 'SEED_DEMO'
> & {
  readonly INSTANCE_ID: string;
  readonly LOG_LEVEL: string;
  readonly SEED_DEMO: boolean;
};

/** A setting is missing or wrong; the message has a line for each. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** @throws SettingsError */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const present = Object.entries(env).filter(([, value]) => value !== undefined && value !== '');
  const result = Environment.safeParse(Object.fromEntries(present));
  if (!result.success) {
    const lines = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new SettingsError(lines.join('\n'));
  }
  const values = result.data;
  if (values.JWT_SECRET && values.JWT_JWKS_URL) {
    throw new SettingsError('JWT_SECRET, JWT_JWKS_URL: set one of them, not both');
  }
  const production = values.NODE_ENV === 'production';
  return {
    ...values,
    INSTANCE_ID: values.INSTANCE_ID ?? `${hostname()}-${process.pid}`,
    LOG_LEVEL: values.LOG_LEVEL ?? (production ? 'info' : 'warn'),
    SEED_DEMO: values.SEED_DEMO ?? !production,
  };
}

import { hostname } from 'node:os';
import { CronPattern } from 'croner';
import { z } from 'zod';

/** A timer cannot count further. */
const LONGEST_MS = 2 ** 31 - 1;

const milliseconds = (fallback: number) =>
  z.coerce.number().int().min(1).max(LONGEST_MS).default(fallback);
const count = (fallback: number) => z.coerce.number().int().min(1).default(fallback);
/** Of one customer; 0 is no limit. */
const quota = (fallback: number) => z.coerce.number().int().min(0).default(fallback);
const flag = z.stringbool().optional();
const servers = z
  .string()
  .transform((list) => list.split(',').map((server) => server.trim()))
  .pipe(z.array(z.string().regex(/^(\[[\da-f:]+\]|[\w.-]+):\d{1,5}$/i, 'must be host:port,…')))
  .transform((list) => list.map(serverAddress))
  .optional();

/** Credentials in it would never be sent, and stand in every error that names it. */
const webAddress = z
  .url({ protocol: /^https?$/, error: 'must be http(s)://…' })
  .refine(hasNoCredentials, { error: 'must hold no user or password' })
  .optional();

const topic = z
  .string()
  .max(200)
  .regex(/^[\w.-]+$/);

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
    .refine((url) => new URL(url).pathname.length > 1, { error: 'must end with a database name' })
    .refine(isDecodable, { error: 'must write a % in its password as %25' })
    .optional(),
  DB_POOL_MAX: count(10),
  DB_ACQUIRE_MS: milliseconds(5_000),
  DB_CONNECT_MS: milliseconds(2_000),
  DB_QUERY_MS: milliseconds(8_000),

  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be redis://… or rediss://…' }).optional(),
  REDIS_SENTINELS: servers,
  REDIS_SENTINEL_MASTER: z.string().optional(),
  REDIS_CLUSTER: servers,
  LOCK_STRATEGY: z.enum(['simple', 'spin', 'pubsub']).default('pubsub'),
  LOCK_WAIT_MS: milliseconds(10_000),
  LOCK_LEASE_MS: z.coerce.number().int().min(100).max(LONGEST_MS).default(3_000),
  LOCK_MAX_WAITERS: count(10_000),

  CACHE_MODE: z.enum(['auto', 'off']).default('auto'),
  CACHE_MAX_STALENESS_MS: z.coerce.number().int().min(50).max(LONGEST_MS).default(1_000),
  CACHE_HOLD_OFF_MS: milliseconds(10_000),
  CACHE_TTL_MS: milliseconds(300_000),
  CACHE_ABSENT_TTL_MS: milliseconds(10_000),
  CACHE_L1_MAX_ENTRIES: count(100_000),
  CACHE_L1_MAX_BYTES: count(64 * 1024 * 1024),
  CACHE_STALENESS_SAMPLE: z.coerce.number().min(0).max(1).default(0.1),

  LIKES_FLUSH_MS: milliseconds(1_000),
  POPULAR_REFRESH_MS: milliseconds(2_000),
  POPULAR_DAILY_CRON: z
    .string()
    .refine(isCronPattern, { error: 'must be a cron pattern, such as 0 0 * * *' })
    .default('0 0 * * *'),

  JWT_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  JWT_JWKS_URL: webAddress,
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),

  ORDER_PAYMENT_WINDOW_MS: milliseconds(15 * 60 * 1000),
  QUOTA_UNPAID_ORDERS: quota(500),
  QUOTA_HOLDS: quota(100),
  QUOTA_UNITS: quota(20_000),
  QUOTA_QUEUED_ORDERS: quota(500),
  EXPIRY_SWEEP_MS: milliseconds(1_000),
  EXPIRY_TERM_MS: milliseconds(3_000),
  PAYMENT_GATEWAY_URL: webAddress,
  PAYMENT_GATEWAY_KEY: z.string().optional(),
  PAYMENT_TIMEOUT_MS: milliseconds(2_000),
  PAYMENT_CLAIM_MS: milliseconds(10_000),
  PAYMENT_PATIENCE_MS: milliseconds(30_000),
  PAYMENT_SWEEP_MS: milliseconds(1_000),
  KAFKA_BROKERS: servers,
  KAFKA_TOPIC: topic.default('lockstep.order-requests'),
  KAFKA_EVENTS_TOPIC: topic.optional(),
  KAFKA_PARTITIONS: count(8),
  KAFKA_SESSION_MS: z.coerce.number().int().min(1_000).max(LONGEST_MS).default(10_000),
  QUEUE_MEASURE_MS: milliseconds(5_000),
  ORDER_REQUEST_RETENTION_MS: z.coerce
    .number()
    .int()
    .min(1)
    .default(7 * 24 * 60 * 60 * 1000),
  RETENTION_SWEEP_MS: milliseconds(60_000),
  OUTBOX_RELAY_MS: milliseconds(500),
  OUTBOX_LEASE_MS: milliseconds(5_000),
  ORDER_WATCH_MS: milliseconds(250),
  ORDER_STREAM_HEARTBEAT_MS: milliseconds(15_000),
  STARTUP_WAIT_MS: milliseconds(10_000),
  SHUTDOWN_GRACE_MS: milliseconds(10_000),
  SHUTDOWN_DRAIN_MS: z.coerce.number().int().min(0).max(LONGEST_MS).default(0),
  TRUSTED_PROXIES: z
    .string()
    .transform((list) => list.split(',').map((address) => address.trim()))
    .optional(),
  SEED_DEMO: flag,
});

function isCronPattern(pattern: string): boolean {
  try {
    new CronPattern(pattern);
    return true;
  } catch {
    return false;
  }
}

function hasNoCredentials(url: string): boolean {
  const parsed = URL.parse(url);
  return !parsed?.username && !parsed?.password;
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

/** What the service is told from outside; durations in milliseconds. */
export type Settings = Omit<
  z.output<typeof Environment>,
  'INSTANCE_ID' | 'KAFKA_EVENTS_TOPIC' | 'LOG_LEVEL' | 'SEED_DEMO'
> & {
  readonly INSTANCE_ID: string;
  readonly KAFKA_EVENTS_TOPIC: string;
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
  checkTogether(values);
  const production = values.NODE_ENV === 'production';
  return {
    ...values,
    INSTANCE_ID: values.INSTANCE_ID ?? `${hostname()}-${process.pid}`,
    KAFKA_EVENTS_TOPIC: values.KAFKA_EVENTS_TOPIC ?? `${values.KAFKA_TOPIC}.events`,
    LOG_LEVEL: values.LOG_LEVEL ?? (production ? 'info' : 'warn'),
    SEED_DEMO: values.SEED_DEMO ?? !production,
  };
}

/** What no variable shows by itself. */
function checkTogether(values: z.output<typeof Environment>): void {
  if (values.JWT_SECRET && values.JWT_JWKS_URL) {
    throw new SettingsError('JWT_SECRET, JWT_JWKS_URL: set one of them, not both');
  }
  if (values.CACHE_HOLD_OFF_MS <= values.DB_QUERY_MS) {
    throw new SettingsError('CACHE_HOLD_OFF_MS: must be more than DB_QUERY_MS');
  }
  if (!values.PAYMENT_GATEWAY_URL !== !values.PAYMENT_GATEWAY_KEY) {
    throw new SettingsError('PAYMENT_GATEWAY_URL, PAYMENT_GATEWAY_KEY: set both or none');
  }
  if (values.PAYMENT_CLAIM_MS <= 4 * values.PAYMENT_TIMEOUT_MS) {
    throw new SettingsError('PAYMENT_CLAIM_MS: must be more than four times PAYMENT_TIMEOUT_MS');
  }
  if (values.KAFKA_EVENTS_TOPIC === values.KAFKA_TOPIC) {
    throw new SettingsError('KAFKA_EVENTS_TOPIC: must be another topic than KAFKA_TOPIC');
  }
  const places = (['REDIS_URL', 'REDIS_SENTINELS', 'REDIS_CLUSTER'] as const).filter(
    (name) => values[name],
  );
  if (places.length > 1) throw new SettingsError(`${places.join(', ')}: set one of them only`);
  if (!values.REDIS_SENTINELS !== !values.REDIS_SENTINEL_MASTER) {
    throw new SettingsError('REDIS_SENTINELS, REDIS_SENTINEL_MASTER: set both or none');
  }
}

function serverAddress(server: string): { readonly host: string; readonly port: number } {
  const colon = server.lastIndexOf(':');
  const host = server.slice(0, colon).replace(/^\[|\]$/g, '');
  return { host, port: Number(server.slice(colon + 1)) };
}

import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { Cron, CronPattern } from 'croner';
import { z } from 'zod';
import { DEFAULT_LIMITS } from '../../adapters/http/http-server.js';
import { MAX_LEASE_MS } from '../../adapters/lock/lock.js';
import { baseUrl, databaseUrl, documentUrl, redisUrl } from './addresses.js';
import { saslProblem, saslSettings } from './tls/sasl-settings.js';
import { tlsProblem, tlsSettings } from './tls/tls-settings.js';

/** A timer cannot count further. */
const LONGEST_MS = 2 ** 31 - 1;

/** Plain decimal digits: no sign, blank, exponent or other base. */
const whole = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number in decimal digits')
    .transform(Number)
    .pipe(z.int().min(min).max(max));
const milliseconds = (fallback: number, min = 1) => whole(min, LONGEST_MS).default(fallback);
const count = (fallback: number) => whole(1).default(fallback);
const share = z
  .string()
  .regex(/^(0|1|[01]\.\d+)$/, 'must be a decimal number from 0 to 1')
  .transform(Number)
  .pipe(z.number().max(1));
/** Of one customer; 0 is no limit. */
const quota = (fallback: number) => whole(0).default(fallback);
const flag = z.stringbool().optional();
const servers = z
  .string()
  .transform((list) => list.split(',').map((server) => server.trim()))
  .pipe(z.array(z.string().regex(/^(\[[\da-f:]+\]|[\w.-]+):\d{1,5}$/i, 'must be host:port,…')))
  .transform((list) => list.map(serverAddress))
  .refine((list) => list.every(({ port }) => isPort(port)), {
    error: 'must be host:port,… with ports from 1 to 65535',
  })
  .optional();

const topic = z
  .string()
  .max(200)
  .regex(/^[\w.-]+$/)
  .refine((name) => !/^\.\.?$/.test(name), { error: 'must be more than dots' });

/** Every environment variable the service reads, with its default. An empty one counts as absent. */
const Environment = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: whole(0, 65_535).default(3000),
  HTTP_MAX_CONNECTIONS: count(DEFAULT_LIMITS.maxConnections),
  HTTP_MAX_PIPELINED: count(DEFAULT_LIMITS.maxPipelined),
  HTTP_MAX_UNSENT_BYTES: count(DEFAULT_LIMITS.maxUnsentBytes),
  HTTP_HEADERS_MS: milliseconds(DEFAULT_LIMITS.headersMs),
  HTTP_REQUEST_MS: milliseconds(DEFAULT_LIMITS.requestMs),
  HTTP_STALL_MS: milliseconds(DEFAULT_LIMITS.stallMs),
  INSTANCE_ID: z
    .string()
    .max(64)
    .regex(/^[\w.:-]+$/)
    .optional(),
  DATA_DIR: z.string().default('data'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).optional(),

  DATABASE_URL: databaseUrl.optional(),
  ...tlsSettings('DATABASE'),
  DB_POOL_MAX: count(10),
  DB_ACQUIRE_MS: milliseconds(5_000),
  DB_CONNECT_MS: milliseconds(2_000),
  DB_QUERY_MS: milliseconds(8_000),

  REDIS_URL: redisUrl.optional(),
  ...tlsSettings('REDIS'),
  REDIS_SENTINELS: servers,
  REDIS_SENTINEL_MASTER: z.string().optional(),
  REDIS_CLUSTER: servers,
  LOCK_STRATEGY: z.enum(['simple', 'spin', 'pubsub']).default('pubsub'),
  LOCK_WAIT_MS: milliseconds(10_000),
  LOCK_LEASE_MS: whole(100, MAX_LEASE_MS).default(3_000),
  LOCK_MAX_WAITERS: count(10_000),

  CACHE_MODE: z.enum(['auto', 'off']).default('auto'),
  CACHE_MAX_STALENESS_MS: milliseconds(1_000, 50),
  CACHE_HOLD_OFF_MS: milliseconds(10_000),
  CACHE_TTL_MS: milliseconds(300_000),
  CACHE_ABSENT_TTL_MS: milliseconds(10_000),
  CACHE_L1_MAX_ENTRIES: count(100_000),
  CACHE_L1_MAX_BYTES: count(64 * 1024 * 1024),
  CACHE_STALENESS_SAMPLE: share.default(0.1),

  LIKES_FLUSH_MS: milliseconds(1_000),
  POPULAR_REFRESH_MS: milliseconds(2_000),
  POPULAR_DAILY_CRON: z
    .string()
    .refine(isCronPattern, { error: 'must be a cron pattern, such as 0 0 * * *' })
    .default('0 0 * * *'),
  POPULAR_TIME_ZONE: z
    .string()
    .refine(isTimeZone, { error: 'must be a time zone of the IANA database, such as Asia/Seoul' })
    .default('UTC'),

  JWT_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  JWT_JWKS_URL: documentUrl.optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  JWT_CLOCK_TOLERANCE_MS: whole(0, 300_000).default(5_000),

  ORDER_PAYMENT_WINDOW_MS: milliseconds(15 * 60 * 1000),
  QUOTA_UNPAID_ORDERS: quota(500),
  QUOTA_HOLDS: quota(100),
  QUOTA_UNITS: quota(20_000),
  QUOTA_QUEUED_ORDERS: quota(500),
  EXPIRY_SWEEP_MS: milliseconds(1_000),
  SWEEPER_LEASE_MS: milliseconds(3_000),
  PAYMENT_GATEWAY_URL: baseUrl.optional(),
  PAYMENT_GATEWAY_KEY: z.string().optional(),
  PAYMENT_TIMEOUT_MS: milliseconds(2_000),
  PAYMENT_CLAIM_MS: milliseconds(10_000),
  PAYMENT_ABANDON_AFTER_MS: milliseconds(30_000),
  PAYMENT_SWEEP_MS: milliseconds(1_000),
  KAFKA_BROKERS: servers,
  ...tlsSettings('KAFKA'),
  ...saslSettings,
  KAFKA_TOPIC: topic.default('lockstep.order-requests'),
  KAFKA_EVENTS_TOPIC: topic.optional(),
  KAFKA_PARTITIONS: count(8),
  KAFKA_SESSION_MS: milliseconds(10_000, 1_000),
  QUEUE_MEASURE_MS: milliseconds(5_000),
  ORDER_REQUEST_RETENTION_MS: count(7 * 24 * 60 * 60 * 1000),
  RETENTION_SWEEP_MS: milliseconds(60_000),
  OUTBOX_RELAY_MS: milliseconds(500),
  OUTBOX_LEASE_MS: milliseconds(5_000),
  ORDER_WATCH_MS: milliseconds(250),
  ORDER_STREAM_HEARTBEAT_MS: milliseconds(15_000),
  ORDER_STREAMS_MAX: count(5_000),
  ORDER_STREAMS_MAX_PER_USER: count(100),
  STARTUP_WAIT_MS: milliseconds(10_000),
  SHUTDOWN_GRACE_MS: milliseconds(10_000),
  SHUTDOWN_DRAIN_MS: milliseconds(0, 0),
  TRUSTED_PROXIES: z
    .string()
    .transform((list) => list.split(',').map((address) => address.trim()))
    .refine((list) => list.every(isProxyAddress), {
      error: 'must be addresses, ranges such as 10.0.0.0/8, or loopback, linklocal, uniquelocal',
    })
    .optional(),
  SEED_DEMO: flag,
});

/** One that names no day that ever comes, such as 30 February, is none. */
function isCronPattern(pattern: string): boolean {
  try {
    new CronPattern(pattern);
    return new Cron(pattern, { paused: true }).nextRun() !== null;
  } catch {
    return false;
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}

/** What Express takes for its setting `trust proxy`. */
function isProxyAddress(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', range, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (range === undefined) return true;
  if (family === 4 && isIP(range) === 4) return true;
  return /^\d+$/.test(range) && Number(range) >= 1 && Number(range) <= (family === 4 ? 32 : 128);
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

/** Every variable there is. */
export const SETTING_NAMES: readonly string[] = Object.keys(Environment.shape);

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
  const demanded = (['JWT_ISSUER', 'JWT_AUDIENCE'] as const).filter((name) => !values[name]);
  if (values.JWT_JWKS_URL && demanded.length > 0) {
    const reason = 'the provider signs tokens for others too, which must not pass here';
    throw new SettingsError(`${demanded.join(', ')}: must be set with JWT_JWKS_URL; ${reason}`);
  }
  if (values.HTTP_HEADERS_MS > values.HTTP_REQUEST_MS) {
    throw new SettingsError('HTTP_HEADERS_MS: must not be more than HTTP_REQUEST_MS');
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
  const problem = tlsProblem(values) ?? saslProblem(values);
  if (problem) throw new SettingsError(problem);
}

function serverAddress(server: string): { readonly host: string; readonly port: number } {
  const colon = server.lastIndexOf(':');
  const host = server.slice(0, colon).replace(/^\[|\]$/g, '');
  return { host, port: Number(server.slice(colon + 1)) };
}

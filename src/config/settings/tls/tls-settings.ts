import { isIP } from 'node:net';
import { z } from 'zod';
import { readDatabaseParameters } from './database-address.js';
import { type AskedByAddress, agreedMode, TLS_MODES, type TlsMode } from './tls-mode.js';

/** The servers that support TLS; their settings begin with these names. */
export const TLS_NAMES = ['DATABASE', 'REDIS', 'KAFKA'] as const;

export type TlsName = (typeof TLS_NAMES)[number];

const FILES = ['CA', 'CERT', 'KEY'] as const;
const PARTS = [...FILES, 'SERVER_NAME'] as const;

const mode = z.enum(TLS_MODES).optional();
const text = z.string().optional();
/** Server Name Indication cannot hold an IP address (RFC 6066, section 3). */
const hostName = z
  .string()
  .refine((name) => !isIP(name), { error: 'must be the name of a host' })
  .optional();

type TlsShape<Name extends TlsName> = Record<`${Name}_TLS`, typeof mode> &
  Record<`${Name}_TLS_${(typeof PARTS)[number]}`, typeof text>;

/** The variables of one server. */
export function tlsSettings<Name extends TlsName>(name: Name): TlsShape<Name> {
  const files = FILES.map((part) => [`${name}_TLS_${part}`, text]);
  const others = { [`${name}_TLS`]: mode, [`${name}_TLS_SERVER_NAME`]: hostName };
  return { ...others, ...Object.fromEntries(files) } as TlsShape<Name>;
}

/** The variables and the addresses that decide on TLS. */
export type TlsValues = {
  readonly [Name in `${TlsName}_TLS`]?: TlsMode | undefined;
} & {
  readonly [Name in `${TlsName}_TLS_${(typeof PARTS)[number]}`]?: string | undefined;
} & {
  readonly DATABASE_URL?: string | undefined;
  readonly REDIS_URL?: string | undefined;
};

/** Undefined when variable and address contradict each other; this stops the start. */
export function tlsMode(name: TlsName, values: TlsValues): TlsMode | undefined {
  return agreedMode(values[`${name}_TLS`], askedByAddress(name, values));
}

/** The first problem of these variables; undefined when there is none. */
export function tlsProblem(values: TlsValues): string | undefined {
  return TLS_NAMES.map((name) => problemOf(name, values)).find((problem) => problem !== undefined);
}

function askedByAddress(name: TlsName, { DATABASE_URL, REDIS_URL }: TlsValues): AskedByAddress {
  if (name === 'DATABASE' && DATABASE_URL) return readDatabaseParameters(new URL(DATABASE_URL)).tls;
  if (name === 'REDIS' && REDIS_URL) return REDIS_URL.startsWith('rediss:') ? 'encrypted' : 'off';
  return undefined;
}

function problemOf(name: TlsName, values: TlsValues): string | undefined {
  const mode = tlsMode(name, values);
  if (!mode) return `${name}_TLS, ${name}_URL: the one asks for other TLS than the other`;
  const given = PARTS.filter((part) => values[`${name}_TLS_${part}`] !== undefined);
  const isUseless = (part: string) => mode === 'off' || (mode === 'unverified' && part === 'CA');
  const useless = given.find(isUseless);
  if (useless) return `${name}_TLS_${useless}: has no use while ${name}_TLS is ${mode}`;
  if (given.includes('CERT') === given.includes('KEY')) return undefined;
  return `${name}_TLS_CERT, ${name}_TLS_KEY: set both or none`;
}

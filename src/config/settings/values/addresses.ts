import { z } from 'zod';
import { readDatabaseParameters } from '../tls/database-address.js';

/** Says what is wrong with an address. It never shows the address, which may hold a password. */
type Check = (url: URL) => string | undefined;

/** `mysql://user:password@host:port/database` */
export const databaseUrl = address(['mysql', 'mariadb'], (url) => {
  if (!url.hostname) return 'must name a host';
  if (url.pathname.length <= 1) return 'must end with a database name';
  if (!isDecodable(url.href)) return 'must write a % in its password as %25';
  return readDatabaseParameters(url).problem;
});

/** `redis://user:password@host:port/number` */
export const redisUrl = address(['redis', 'rediss'], (url) => {
  if (!url.hostname) return 'must name a host';
  if (!/^\/?\d*$/.test(url.pathname)) return 'must end with the number of a database, or with none';
  if (!isDecodable(url.href)) return 'must write a % in its password as %25';
  const [name] = url.searchParams.keys();
  if (name === undefined) return undefined;
  return `has a parameter that is not understood: ${shown(name)}; rediss://… asks for TLS`;
});

/** Address of a server; the service appends paths. */
export const baseUrl = address(['http', 'https'], (url) => {
  const [name] = url.searchParams.keys();
  if (name !== undefined) return `has a parameter that is not understood: ${shown(name)}`;
  return credentials(url);
});

/** Address of a document; it may have parameters. */
export const documentUrl = address(['http', 'https'], credentials);

function address(schemes: readonly string[], check: Check) {
  const named = schemes.map((scheme) => `${scheme}://…`).join(' or ');
  return z.string().superRefine((text, context) => {
    const problem = problemOf(text, schemes, check);
    if (problem) context.addIssue(problem === 'scheme' ? `must be ${named}` : problem);
  });
}

function problemOf(text: string, schemes: readonly string[], check: Check): string | undefined {
  if (text.includes('#')) return 'must have no fragment; a # in a password is written as %23';
  if (!URL.canParse(text)) return 'scheme';
  const url = new URL(text);
  if (!schemes.includes(url.protocol.slice(0, -1))) return 'scheme';
  return check(url);
}

/** `fetch` refuses every address with a user or a password. */
function credentials(url: URL): string | undefined {
  return url.username || url.password ? 'must hold no user or password' : undefined;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function shown(name: string): string {
  return encodeURIComponent(name).slice(0, 60);
}

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';

/** The settings that point another command to the servers of a cluster. */
export type ServerAddresses = Readonly<Record<string, string>>;

const NAMES = [
  'DATABASE_URL',
  'REDIS_URL',
  'REDIS_SENTINELS',
  'REDIS_SENTINEL_MASTER',
  'REDIS_CLUSTER',
  'KAFKA_BROKERS',
  'PAYMENT_GATEWAY_URL',
  'PAYMENT_GATEWAY_KEY',
  'DATA_DIR',
];

/** Selects the addresses that are set in the environment of an instance. */
export function serverAddresses(env: Readonly<Record<string, string>>): ServerAddresses {
  return Object.fromEntries(NAMES.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

/** Lines for a POSIX shell. */
export function exportLines(addresses: ServerAddresses): string {
  return Object.entries(addresses)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join('');
}

const FILE = 'servers.env';

/** Writes a file for `source FILE`. Only its owner may read it, since it contains passwords. */
export function writeAddresses(folder: string, addresses: ServerAddresses): string {
  const file = path.join(folder, FILE);
  writeFileSync(file, exportLines(addresses), { mode: 0o600, flag: 'wx' });
  return file;
}

/** Reads the addresses of the cluster with this folder; empty if none runs. */
export function readAddresses(folder: string): Readonly<Record<string, string | undefined>> {
  const file = path.join(folder, FILE);
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
}

/** The lines that a ready cluster prints; the addresses only on a terminal, since they hold passwords. */
export function readyLines(
  cluster: {
    readonly url: string;
    readonly notes: string;
    readonly addresses?: ServerAddresses | undefined;
  },
  { isTTY }: { readonly isTTY?: boolean },
): string {
  const ready = `cluster ready ${cluster.url} (${cluster.notes})`;
  if (!cluster.addresses || !isTTY) return ready;
  const use = 'For other commands in another terminal:';
  return `${ready}\n${use}\n${exportLines(cluster.addresses).trimEnd()}`;
}

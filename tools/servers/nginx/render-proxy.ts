import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../project-root.js';

export interface ProxyOptions {
  /** `host:port` of each instance. */
  readonly upstreams: readonly string[];
  /** Requests per second of one client, and the size of a burst. */
  readonly rate?: number;
  readonly burst?: number;
  /** Log file; none by default. */
  readonly accessLog?: string;
}

const template = path.join(projectRoot, 'docker', 'nginx', 'lockstep.conf.template');

/** Renders the template as `envsubst` does in the container. */
export function renderProxy({
  upstreams,
  port,
  rate = 5_000,
  burst = 5_000,
  accessLog,
}: ProxyOptions & { readonly port: number }): string {
  const values: Record<string, string> = {
    UPSTREAM_SERVERS: upstreamLines(upstreams).join('\n  '),
    LISTEN: `127.0.0.1:${port}`,
    ACCESS_LOG: accessLog === undefined ? 'off' : `${accessLog} lockstep`,
    RATE_LIMIT: `${rate}r/s`,
    RATE_BURST: String(burst),
  };
  return readFileSync(template, 'utf8').replace(
    /\$\{([A-Z_]+)\}/g,
    (whole, name: string) => values[name] ?? whole,
  );
}

/** After two failures nginx leaves an instance alone for two seconds, then tries it with one request. */
const MARKED = 'max_fails=2 fail_timeout=2s';

/**
 * The address of a killed machine or container refuses nothing: each attempt waits for its timeout. So
 * an instance that failed twice is not tried for a while. When that is so for all instances, a client
 * must not be refused while one of them lives again: the same addresses are there once more, as backup
 * servers that are always tried.
 */
export function upstreamLines(addresses: readonly string[]): string[] {
  return [
    ...addresses.map((address) => `server ${address} ${MARKED};`),
    ...addresses.map((address) => `server ${address} backup max_fails=0;`),
  ];
}

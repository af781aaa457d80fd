import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../project-root.js';

export interface ProxyOptions {
  /** `host:port` of each instance. */
  readonly upstreams: readonly string[];
  /** Requests a second that one client may send, and how many it may send at once. */
  readonly rate?: number;
  readonly burst?: number;
  /** A file; none unless it is named. */
  readonly accessLog?: string;
}

const template = path.join(projectRoot, 'docker', 'nginx', 'lockstep.conf.template');

/** The configuration that the container renders by `envsubst` from the same template. */
export function renderProxy({
  upstreams,
  port,
  rate = 5_000,
  burst = 5_000,
  accessLog,
}: ProxyOptions & { readonly port: number }): string {
  const values: Record<string, string> = {
    UPSTREAM_SERVERS: upstreams.map(upstreamLine).join('\n  '),
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

/**
 * No instance is ever left out: one that is dead refuses at once and the next is asked, while one
 * slow answer of the last living instance would turn everybody away for as long as it is left out.
 */
function upstreamLine(address: string): string {
  return `server ${address} max_fails=0;`;
}

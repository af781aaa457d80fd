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
 * nginx never marks an instance as failed. A dead instance refuses at once, and the next one is tried.
 * If the last living instance were marked after a slow answer, all clients would be refused.
 */
function upstreamLine(address: string): string {
  return `server ${address} max_fails=0;`;
}

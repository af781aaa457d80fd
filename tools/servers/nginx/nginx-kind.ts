import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ProgramPlace, ServerKind } from '../server-kind.js';
import { type ProxyOptions, renderProxy } from './render-proxy.js';

const ANSWER_PATIENCE_MS = 2_000;

/** How nginx is brought up in front of some instances. */
export function nginxKind(options: ProxyOptions): ServerKind {
  return {
    title: 'nginx',
    slug: 'nginx',
    variable: 'TEST_PROXY_URL',
    image: { name: 'nginx:1.29-alpine', port: 80, environment: {}, command: [] },
    programs: [{ name: 'nginx', argumentsFor: (place) => argumentsFor(place, options) }],
    debianPackage: 'nginx-light',
    // Finishes the requests under way; SIGTERM would break them off.
    stopSignal: 'SIGQUIT',
    urlFor: (host, port) => `http://${host}:${port}`,
    ping,
  };
}

function argumentsFor(place: ProgramPlace, options: ProxyOptions): string[] {
  const file = path.join(place.folder, 'nginx.conf');
  mkdirSync(path.join(place.folder, 'bodies'), { recursive: true });
  writeFileSync(file, configuration(place, renderProxy({ ...options, port: place.port })));
  return ['-p', place.folder, '-c', file, '-e', 'stderr'];
}

/** What the image's own configuration says around the part that both ways share. */
function configuration({ folder, port }: ProgramPlace, http: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `  ${name}_temp_path ${path.join(folder, 'bodies')};`,
  );
  return [
    'daemon off;',
    // The child of a process that may not change users must not try to.
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    'worker_processes 1;',
    // A client that keeps its connection busy would never let it end.
    'worker_shutdown_timeout 10s;',
    `pid ${path.join(folder, `nginx-${port}.pid`)};`,
    'events { worker_connections 8192; }',
    'http {',
    '  default_type application/octet-stream;',
    ...temporary,
    http,
    '}',
    '',
  ].join('\n');
}

/** Asks for what nginx answers by itself: one that fails for want of an instance is left out a while. */
async function ping(url: string): Promise<void> {
  await fetch(new URL('/metrics', url), { signal: AbortSignal.timeout(ANSWER_PATIENCE_MS) });
}

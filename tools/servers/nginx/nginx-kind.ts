import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ProgramPlace, ServerKind } from '../server-kind.js';
import { type ProxyOptions, renderProxy } from './render-proxy.js';

const ANSWER_TIMEOUT_MS = 2_000;

interface NginxOptions extends ProxyOptions {
  /** Most connections, to clients and instances together. */
  readonly connections?: number;
}

/** How to start nginx in front of some instances. */
export function nginxKind(options: NginxOptions): ServerKind {
  return {
    title: 'nginx',
    slug: 'nginx',
    variable: 'TEST_PROXY_URL',
    image: { name: 'nginx:1.29-alpine', port: 80, environment: {}, command: [] },
    programs: [{ name: 'nginx', argumentsFor: (place) => argumentsFor(place, options) }],
    debianPackage: 'nginx-light',
    // Finishes the requests in progress; SIGTERM would abort them.
    stopSignal: 'SIGQUIT',
    urlFor: (host, port) => `http://${host}:${port}`,
    ping,
  };
}

function argumentsFor(place: ProgramPlace, options: NginxOptions): string[] {
  const file = path.join(place.folder, 'nginx.conf');
  mkdirSync(path.join(place.folder, 'bodies'), { recursive: true });
  const http = renderProxy({ ...options, port: place.port });
  writeFileSync(file, configuration(place, http, options.connections));
  return ['-p', place.folder, '-c', file, '-e', 'stderr'];
}

/** The configuration around the part that the container uses too. */
function configuration({ folder, port }: ProgramPlace, http: string, connections = 8_192): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `  ${name}_temp_path ${path.join(folder, 'bodies')};`,
  );
  return [
    'daemon off;',
    // Without the right to change users, the worker must not try to.
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    'worker_processes 1;',
    // Otherwise a client with a busy connection could delay the end forever.
    'worker_shutdown_timeout 10s;',
    `pid ${path.join(folder, `nginx-${port}.pid`)};`,
    `events { worker_connections ${connections}; }`,
    'http {',
    '  default_type application/octet-stream;',
    ...temporary,
    http,
    '}',
    '',
  ].join('\n');
}

/** Requests a page that nginx answers itself, without an instance. */
async function ping(url: string): Promise<void> {
  await fetch(new URL('/metrics', url), { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
}

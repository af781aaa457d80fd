import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ProgramPlace, ServerKind } from '../server-kind.js';
import { renderPrometheus } from './render-prometheus.js';

const ANSWER_TIMEOUT_MS = 2_000;

/** How to start a Prometheus that reads the metrics of these instances, each `host:port`. */
export function prometheusKind(targets: readonly string[]): ServerKind {
  return {
    title: 'Prometheus',
    slug: 'prometheus',
    variable: 'TEST_PROMETHEUS_URL',
    image: { name: 'prom/prometheus:v3.5.0', port: 9090, environment: {}, command: [] },
    programs: [{ name: 'prometheus', argumentsFor: (place) => argumentsFor(place, targets) }],
    debianPackage: 'prometheus',
    urlFor: (host, port) => `http://${host}:${port}`,
    ping,
  };
}

function argumentsFor({ folder, data, port }: ProgramPlace, targets: readonly string[]): string[] {
  const file = path.join(folder, 'prometheus.yml');
  writeFileSync(file, renderPrometheus(targets));
  return [
    `--config.file=${file}`,
    `--storage.tsdb.path=${data}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
}

async function ping(url: string): Promise<void> {
  const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const answer = await fetch(new URL('/-/ready', url), { signal });
  if (!answer.ok) throw new Error(`Prometheus answers ${answer.status}`);
}

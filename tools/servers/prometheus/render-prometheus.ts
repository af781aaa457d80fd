import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../project-root.js';

export const METRICS_FOLDER = path.join(projectRoot, 'docker', 'metrics');

/** Returns the configuration for containers with other targets, each `host:port`. */
export function renderPrometheus(targets: readonly string[]): string {
  const text = readFileSync(path.join(METRICS_FOLDER, 'prometheus.yml'), 'utf8');
  const rules = path.join(METRICS_FOLDER, 'alerts.yml');
  return text
    .replace(/targets: \[.*\]/, `targets: ${JSON.stringify(targets)}`)
    .replace(/rule_files: \[.*\]/, `rule_files: ${JSON.stringify([rules])}`);
}

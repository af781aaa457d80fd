import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { Registry } from 'prom-client';
import {
  countForcedCloses,
  countRefusals,
} from '../../../src/adapters/http/operations/http-metrics.js';
import { type ProblemCode, STATUS } from '../../../src/adapters/http/responses/problem.js';
import { readSettings, SETTING_NAMES } from '../../../src/config/settings/settings.js';
import { projectRoot } from '../../../tools/project-root.js';

const read = (name: string) =>
  readFileSync(path.join(projectRoot, 'docs', 'operations', name), 'utf8');

interface Limit {
  readonly what: string;
  readonly fallback: string;
  readonly setting: string;
  readonly answer: string;
  readonly metrics: readonly string[];
}

const limits: readonly Limit[] = read('limits.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| limit |'))
  .map((line) => {
    const [what = '', fallback = '', setting = '', answer = '', metrics = ''] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    return {
      ...{ what, fallback, answer },
      setting: setting.replaceAll('`', ''),
      metrics: [...metrics.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
    };
  });

/** A setting that limits something, as its name says. */
const LIMIT = /MAX|^QUOTA_|^RATE_LIMIT_|^HTTP_/;

const UNITS: Readonly<Record<string, number>> = { s: 1_000, ms: 1, MiB: 2 ** 20 };

/** The value of a setting as the page writes it: `20,000`, `10 s`, `64 MiB`, or a word. */
function readValue(text: string): unknown {
  const [, digits, unit] = /^([\d,]+)(?: (s|ms|MiB))?$/.exec(text) ?? [];
  if (digits === undefined) return [text.replaceAll('`', '')];
  return Number(digits.replaceAll(',', '')) * (unit === undefined ? 1 : (UNITS[unit] ?? NaN));
}

describe('The page of limits', () => {
  it('has every setting that limits something, once, with its default', () => {
    const named = limits.flatMap(({ setting }) => (setting === '' ? [] : setting));
    expect(new Set(named).size).to.equal(named.length);
    expect(named).to.include.members(SETTING_NAMES.filter((name) => LIMIT.test(name)));
    expect(named).to.have.length.above(20);
    const settings: Readonly<Record<string, unknown>> = { ...readSettings({}) };
    for (const { setting, fallback } of limits.filter((limit) => limit.setting !== '')) {
      expect(settings, setting).to.have.property(setting);
      expect(readValue(fallback), setting).to.deep.equal(settings[setting]);
    }
  });

  it('has the status of each code, and every refusal because of too many requests', () => {
    const answers = limits.flatMap(({ answer }) => [...answer.matchAll(/(\d{3}) `(\w+)`/g)]);
    expect(answers).to.have.length.above(10);
    for (const [, status, code] of answers) {
      expect(STATUS[code as ProblemCode], code).to.equal(Number(status));
    }
    const codes = answers.map(([, , code]) => code);
    const tooMany = Object.entries(STATUS).filter(([, status]) => status === 429);
    expect(codes).to.include.members([...tooMany.map(([code]) => code), 'overloaded']);
  });

  it('names metrics that exist, and every reason that they count by', async () => {
    // Another test compares the page of metrics with what an instance reports.
    const known = [...read('metrics.md').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    const named = limits.flatMap(({ metrics }) => metrics);
    for (const metric of named) expect(known).to.include(metric.replace(/\{.*/, ''));
    const registry = new Registry();
    countRefusals(registry);
    countForcedCloses(registry);
    const counted = [...(await registry.metrics()).matchAll(/^(\w+\{[^}]*\})/gm)].map(([, s]) => s);
    expect(counted).to.have.length.above(5);
    const labelled = named.filter((metric) => /^http_.*\{/.test(metric));
    expect([...new Set(labelled)]).to.have.members(counted);
  });
});

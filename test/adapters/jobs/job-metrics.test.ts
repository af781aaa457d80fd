import { expect } from 'chai';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { JobMetrics } from '../../../src/adapters/telemetry/job-metrics.js';

describe('The metrics of jobs', () => {
  let registry: Registry;
  let lines: string[];
  let metrics: JobMetrics;

  beforeEach(() => {
    registry = new Registry();
    lines = [];
    metrics = new JobMetrics(registry, pino({}, { write: (line) => void lines.push(line) }));
  });

  it('contain the time of the last success of each job', async () => {
    const beforeS = Date.now() / 1_000;
    metrics.succeeded('count-likes');
    const text = await registry.metrics();
    const [, value] = /^job_last_success_timestamp_seconds\{job_name="count-likes"\} (\S+)$/m.exec(
      text,
    ) as RegExpExecArray;
    expect(Number(value)).to.be.within(beforeS, Date.now() / 1_000);
  });

  it('count every failure, while the log has only the first of several', async () => {
    metrics.failed('relay-outbox-orders', new Error('kafka is down'), false);
    metrics.failed('relay-outbox-orders', new Error('kafka is down'), true);
    const text = await registry.metrics();
    expect(text).to.match(/^job_failures_total\{job_name="relay-outbox-orders"\} 2$/m);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include('relay-outbox-orders').and.include('kafka is down');
  });
});

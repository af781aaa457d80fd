import { expect } from 'chai';
import { dueTimes } from '../../../src/adapters/jobs/refresh-rankings-job.js';

describe('Due times', () => {
  const cases: readonly [string, string, string, string, string][] = [
    ['0 0 * * *', 'UTC', '2026-03-06T12:00:00.000Z', '2026-03-06T00:00:00.000Z', 'by day'],
    ['0 0 * * *', 'UTC', '2026-03-06T00:00:00.000Z', '2026-03-06T00:00:00.000Z', 'at midnight'],
    ['0 0 * * *', 'UTC', '2026-03-05T23:59:59.999Z', '2026-03-05T00:00:00.000Z', 'just before it'],
    ['0 0 * * *', 'Asia/Seoul', '2026-03-05T15:00:00.000Z', '2026-03-05T15:00:00.000Z', 'in Seoul'],
    [
      '0 0 * * *',
      'Asia/Seoul',
      '2026-03-05T14:59:59.999Z',
      '2026-03-04T15:00:00.000Z',
      'a day ago',
    ],
    // New York: midnight is at 5:00 UTC in winter and at 4:00 in summer.
    ['0 0 * * *', 'America/New_York', '2026-03-08T12:00:00Z', '2026-03-08T05:00:00.000Z', 'before'],
    ['0 0 * * *', 'America/New_York', '2026-03-09T12:00:00Z', '2026-03-09T04:00:00.000Z', 'after'],
    ['0 0 * * *', 'America/New_York', '2026-11-02T12:00:00Z', '2026-11-02T05:00:00.000Z', 'back'],
    // There is no 2:30 on 8 March. It is due when the clocks change from 2 to 3.
    [
      '30 2 * * *',
      'America/New_York',
      '2026-03-08T06:59:59Z',
      '2026-03-07T07:30:00.000Z',
      'not yet',
    ],
    [
      '30 2 * * *',
      'America/New_York',
      '2026-03-08T07:00:00Z',
      '2026-03-08T07:00:00.000Z',
      'skipped',
    ],
    [
      '30 2 * * *',
      'America/New_York',
      '2026-03-09T06:30:00Z',
      '2026-03-09T06:30:00.000Z',
      'a day on',
    ],
    // There are two 1:30 on 1 November. The first one counts.
    [
      '30 1 * * *',
      'America/New_York',
      '2026-11-01T05:30:00Z',
      '2026-11-01T05:30:00.000Z',
      'the first',
    ],
    [
      '30 1 * * *',
      'America/New_York',
      '2026-11-01T06:45:00Z',
      '2026-11-01T05:30:00.000Z',
      'the second',
    ],
  ];
  for (const [pattern, zone, now, due, title] of cases) {
    it(`of ${pattern} in ${zone} at ${now} (${title}): ${due}`, () => {
      expect(dueTimes(pattern, zone)(new Date(now))?.toISOString()).to.equal(due);
    });
  }
});

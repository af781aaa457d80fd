import { expect } from 'chai';
import { renderScreen } from '../../../tools/cluster/watch/render-screen.js';
import { Scrape } from '../../../tools/cluster/watch/scrape.js';

const DURATION = 'http_server_request_duration_seconds';

const before = new Scrape(
  [
    `${DURATION}_count{http_response_status_code="200"} 100`,
    `${DURATION}_bucket{le="0.01"} 100`,
    `${DURATION}_bucket{le="0.1"} 100`,
    `${DURATION}_bucket{le="+Inf"} 100`,
    'cache_reads_total{source="l1"} 10',
    'cache_reads_total{source="l2"} 10',
    'transaction_units_sum 4',
    'transaction_units_count 4',
    'orders_unpaid NaN',
  ].join('\n'),
  10_000,
);

const now = new Scrape(
  [
    '# TYPE ignored counter',
    `${DURATION}_count{http_response_status_code="200"} 280`,
    `${DURATION}_count{http_response_status_code="503"} 20`,
    `${DURATION}_bucket{le="0.01"} 290`,
    `${DURATION}_bucket{le="0.1"} 300`,
    `${DURATION}_bucket{le="+Inf"} 300`,
    'cache_reads_total{source="l1"} 40',
    'cache_reads_total{source="l2"} 20',
    'transaction_units_sum 24',
    'transaction_units_count 8',
    'orders_unpaid NaN',
    'outbox_entries{channel="orders"} 3',
    'outbox_entries{channel="events"} 4',
    'cache_in_sync 0',
    'nodejs_eventloop_lag_p99_seconds 0.0123',
    'process_resident_memory_bytes 123456789',
  ].join('\n'),
  12_000,
);

const instances = [
  { name: 'instance-1', scrapes: { now, before } },
  { name: 'instance-2', scrapes: undefined },
];

describe('The screen of npm run cluster -- --watch', () => {
  const cells = (screen: string, title: string) =>
    screen
      .split('\n')
      .find((line) => line.startsWith(`  ${title} `))
      ?.slice(title.length + 2)
      .trim()
      .split(/ {2,}/);

  it('shows rates, shares, means, quantiles and values of the time between two scrapes', () => {
    const screen = renderScreen(instances);
    const shown = [
      ['a second', '100'],
      ['5xx a second', '10'],
      ['p99', '< 100 ms'],
      ['from L1', '75 %'],
      ['units in one', '5'],
      ['messages in the outbox', '7'],
      ['in sync', 'no'],
      ['event loop lag, p99', '12.3 ms'],
      ['memory', '123 MB'],
    ] as const;
    for (const [title, cell] of shown)
      expect(cells(screen, title), title).to.deep.equal([cell, '-']);
  });

  it('shows no figure that is not known', () => {
    expect(cells(renderScreen(instances), 'unpaid orders')).to.deep.equal(['-', '-']);
  });

  it('fits on a terminal of 120 characters and 24 lines', () => {
    const lines = renderScreen(instances, 120).split('\n');
    expect(lines).to.have.length.at.most(24);
    for (const line of lines) expect(line.length, line).to.be.at.most(120);
    const words = (text: string) => text.split(/\s{2,}|\n/).sort();
    expect(words(lines.join('\n'))).to.include.members(words(renderScreen(instances)));
  });
});

import type {
  BalanceOutcome,
  FreshnessOutcome,
  MoneyOutcome,
  OrderingOutcome,
  Outcome,
  RunReport,
} from './support/run-report.js';
import type { TimelineEvent } from './support/timeline.js';

const COLUMN = 22;
const MOST_EVENTS = 48;

/** A run as text for a terminal: one column for each request, then the outcome. */
export function render({ variant, timeline, outcome }: RunReport): string {
  const requests = [...new Set(timeline.map(({ request }) => request))].sort();
  const shown = timeline.slice(0, MOST_EVENTS).map((event) => renderEvent(event, requests));
  const hidden = timeline.length - shown.length;
  return [
    `${variant}`,
    ...(timeline.length === 0 ? [] : [heading(requests)]),
    ...shown,
    ...(hidden > 0 ? [`${' '.repeat(10)}and ${hidden} more events`] : []),
    `=> ${renderOutcome(outcome)}`,
    ...(isEvidence(outcome, timeline) ? [] : ['=> no evidence: no request was served']),
  ].join('\n');
}

/** Whether anything happened that shows a result. */
function isEvidence(outcome: Outcome, timeline: RunReport['timeline']): boolean {
  if ('buyers' in outcome) return outcome.sold > 0;
  if ('missing' in outcome) {
    return outcome.reserved + outcome.captured + outcome.refunded + outcome.voided > 0;
  }
  if ('answers' in outcome) return outcome.answers > 0;
  return outcome.waits
    ? outcome.waits.served > 0
    : timeline.some(({ step }) => step === 'committed');
}

function heading(requests: readonly string[]): string {
  return `${'ms'.padStart(8)}  ${requests.map((name) => name.padEnd(COLUMN)).join('')}`.trimEnd();
}

function renderEvent(event: TimelineEvent, requests: readonly string[]): string {
  const indent = ' '.repeat(COLUMN * requests.indexOf(event.request));
  return `${event.atMs.toFixed(1).padStart(8)}  ${indent}${event.step} ${event.detail ?? ''}`.trimEnd();
}

function renderOutcome(outcome: Outcome): string {
  if ('buyers' in outcome) return renderOrdering(outcome);
  if ('missing' in outcome) return renderMoney(outcome);
  return 'answers' in outcome ? renderFreshness(outcome) : renderBalance(outcome);
}

function renderOrdering(outcome: OrderingOutcome): string {
  const { buyers, sold, oversold, settledPerSecond } = outcome;
  const { sentInverted, acceptedInverted, longestOvertakingMs, brokenAcceptances } = outcome;
  const { answeredP50Ms, answeredP99Ms, settledP50Ms, settledP99Ms } = outcome;
  const spread = (...values: number[]) => values.map((ms) => ms.toFixed(0)).join(' / ');
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  return [
    `${buyers} buyers, ${sold} sold, oversold ${oversold}, ${settledPerSecond.toFixed(0)} settled/s`,
    `   p50/p99 until answered ${spread(answeredP50Ms, answeredP99Ms)} ms, until settled ${spread(settledP50Ms, settledP99Ms)} ms`,
    `   pairs settled against the order of sending ${percent(sentInverted)}, by ${longestOvertakingMs.toFixed(0)} ms at most`,
    `   pairs settled against the order of acceptance ${percent(acceptedInverted)}, accepted first but settled second ${brokenAcceptances}`,
    `   database connections: ${outcome.connections}`,
  ].join('\n');
}

function renderMoney({ order, missing, ...sums }: MoneyOutcome): string {
  const shown = Object.entries(sums).filter(([, points]) => points > 0);
  const charges = shown.map(([name, points]) => `${name} ${points}`).join(', ');
  return `order ${order}, at the bank: ${charges}; the customer misses ${missing} points`;
}

function renderFreshness(outcome: FreshnessOutcome): string {
  const { answers, stale, oldestMs, boundMs, databaseQueries } = outcome;
  const age = stale > 0 ? `, the oldest by ${oldestMs.toFixed(0)} ms` : '';
  const counts = `${answers} answers, ${stale} replaced before they were asked for${age}`;
  return `${counts} (allowed: ${boundMs} ms), database queries: ${databaseQueries}`;
}

function renderBalance({ expected, actual, lostUpdates, refused, waits }: BalanceOutcome): string {
  const counts = `expected ${expected}, actual ${actual}, lost ${lostUpdates}, refused ${refused}`;
  if (!waits) return counts;
  const { served, waitP50Ms, waitP99Ms, waitMaxMs } = waits;
  const times = [waitP50Ms, waitP99Ms, waitMaxMs].map((ms) => ms.toFixed(1)).join(' / ');
  return [
    counts,
    `   served ${served}, wait p50/p99/max ${times} ms`,
    `   ${waits.redisCommands} Redis commands, ${waits.commandsPerSection.toFixed(1)} a section`,
    `   fairness ${waits.fairness.toFixed(3)} (Jain)`,
  ].join('\n');
}

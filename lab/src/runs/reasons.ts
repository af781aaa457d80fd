import type { Report } from '../api.js';
import { brokenRules } from '../race/broken-rules.js';
import type { Texts } from '../texts/texts.js';
import { staleMs } from '../timeline/lanes.js';

/** Most refusals of one run that are explained. */
const MAX_REFUSALS = 3;

/** One sentence on why a run ended as it did. */
export interface Reason {
  readonly text: string;
  /** Index of the step that shows it. */
  readonly at?: number;
}

/** The lost updates of a run, in the order of their numbers in the chart. */
export function lossesOf({ lostUpdates, timeline }: Report, { why }: Texts): readonly Reason[] {
  return lostUpdates.map((lost) => {
    // The request that overwrites has read the value that is old by then.
    const at = timeline.findIndex(
      ({ request, step, atMs }) => request === lost.by && step === 'read' && atMs === lost.readAtMs,
    );
    return { text: why.lost(lost), at: Math.max(0, at) };
  });
}

/** Everything else that explains the outcome. */
export function reasonsOf(report: Report, texts: Texts): readonly Reason[] {
  const { outcome } = report;
  const { why } = texts;
  switch (outcome.kind) {
    case 'balance': {
      const rules = brokenRules(report, texts).map((text) => ({ text }));
      const found = [...rules, ...refusals(report, texts)];
      const isClean = outcome.lostUpdates + outcome.refused === 0;
      return isClean ? [{ text: why.noLoss }, ...found] : found;
    }
    case 'freshness':
      return outcome.stale > 0 ? oldest(report, outcome, texts) : refusedFills(report, texts);
    case 'load': {
      const { readers, databaseQueries } = outcome;
      if (databaseQueries === readers) return [{ text: why.eachLoaded(readers) }];
      return databaseQueries === 1 ? [{ text: why.oneLoaded(readers) }] : [];
    }
    case 'money':
      return money(report, outcome.missing, texts);
    case 'ordering':
      return [];
  }
}

function refusals({ timeline }: Report, { why }: Texts): readonly Reason[] {
  return timeline
    .flatMap(({ request, step, detail }, at) =>
      step === 'refused' && detail !== undefined
        ? [{ text: why.refused(request, `${detail}`), at }]
        : [],
    )
    .slice(0, MAX_REFUSALS);
}

/** The answer that was replaced for the longest time, and why its value was still in a cache. */
function oldest(
  { timeline }: Report,
  { oldestMs, boundMs }: { readonly oldestMs: number; readonly boundMs: number },
  { why }: Texts,
): readonly Reason[] {
  const ages = timeline.map((step) => staleMs(step) ?? -1);
  const ageMs = Math.max(...ages);
  const at = ages.indexOf(ageMs);
  const answer = timeline[at];
  if (!answer || ageMs < 0) return [];
  const before = timeline.slice(0, at);
  const committed = before.findLastIndex(({ step }) => step === 'committed');
  const source = before.findLast(
    ({ request, step }) => request === answer.request && (step === 'hit l1' || step === 'hit l2'),
  );
  const filled = before.findLastIndex(
    ({ request, step }) =>
      step === 'filled' && (source?.step === 'hit l2' || request === answer.request),
  );
  const [value = ''] = `${answer.detail}`.split(',');
  const sentences = [
    why.stale(answer.request, value, ageMs),
    filled > committed ? why.filledLate : why.notRemoved,
    ...(oldestMs <= boundMs ? [why.allowed(boundMs)] : []),
  ];
  return [{ text: sentences.join(' '), at }];
}

function refusedFills({ timeline }: Report, { why }: Texts): readonly Reason[] {
  const at = timeline.findIndex(({ step }) => step === 'fill refused');
  const refused = timeline[at];
  return refused ? [{ text: why.fillRefused(refused.request), at }] : [];
}

function money({ timeline }: Report, missing: number, { why }: Texts): readonly Reason[] {
  if (missing > 0) {
    const at = timeline.findIndex(({ step }) => step === 'cancelled');
    return [{ text: why.notGivenBack(missing), at: Math.max(0, at) }];
  }
  const at = timeline.findIndex(({ step }) => step === 'voided' || step === 'refunded');
  const step = timeline[at]?.step;
  return step ? [{ text: step === 'voided' ? why.voided : why.refunded, at }] : [];
}

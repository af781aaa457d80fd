import type { Report } from '../api.js';
import type { Texts } from '../texts/texts.js';

/** A wait shorter than this, in milliseconds, is no wait: a free lock takes some time too. */
const MIN_WAIT_MS = 5;

/** Every race is about the wallet of this user. */
const WALLET_OWNER = 'alice';

/**
 * The rules of lock and transaction that a run broke, in words. A broken rule makes a lost update possible, but
 * does not always cause one.
 */
export function brokenRules({ timeline }: Report, texts: Texts): readonly string[] {
  const { race } = texts;
  const keys = new Set(
    timeline.flatMap(({ step, detail }) => (step === 'waiting' ? [`${detail}`] : [])),
  );
  const byRequest = Map.groupBy(timeline, ({ request }) => request);
  const found = [...byRequest].sort().flatMap(([request, steps]) => {
    const at = (name: string) => steps.find(({ step }) => step === name)?.atMs;
    const [waiting, acquired, begun] = [at('waiting'), at('acquired'), at('begun')];
    const [released, committed] = [at('released'), at('committed')];
    const rules: string[] = [];
    const waitedMs = waiting === undefined || acquired === undefined ? 0 : acquired - waiting;
    if (begun !== undefined && begun < (waiting ?? begun) && waitedMs >= MIN_WAIT_MS) {
      rules.push(race.waitedOpen(request, waitedMs.toFixed(0)));
    }
    if (released !== undefined && committed !== undefined && released < committed) {
      rules.push(race.releasedEarly(request, (committed - released).toFixed(0)));
    }
    return rules;
  });
  const shared = [...keys].filter((key) => !key.includes(WALLET_OWNER)).map(race.keyIsShared);
  const differ = keys.size > 1 ? [race.keysDiffer([...keys].sort().join(', '))] : [];
  return [...differ, ...shared, ...found];
}

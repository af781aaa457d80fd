import type { Outcome, Report } from '../api.js';
import type { Texts } from '../texts/texts.js';

/** The result of one variant in large type. */
export function OutcomeView({ texts, report }: { readonly texts: Texts; readonly report: Report }) {
  const { outcome, variant } = report;
  return (
    <div class={`outcome ${isGood(outcome) ? 'good' : 'bad'}`}>
      <div>
        <h3>
          <span class="variant">{texts.variant(variant)}</span>
          <span class="headline">{texts.headline(outcome)}</span>
        </h3>
      </div>
      <dl>
        {texts.figures(outcome).map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function isGood(outcome: Outcome): boolean {
  switch (outcome.kind) {
    case 'balance':
      return outcome.lostUpdates === 0;
    case 'freshness':
      return outcome.oldestMs <= outcome.boundMs;
    case 'load':
      return outcome.databaseQueries <= 2;
    case 'money':
      return outcome.missing === 0;
    case 'ordering':
      return outcome.oversold === 0;
  }
}

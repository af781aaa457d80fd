import type { Run } from '../api.js';
import type { SaleResult } from '../shop/run-sale.js';
import type { Texts } from '../texts/texts.js';
import { focusMain } from '../view/focus-main.js';
import { resultOf } from './progress-view.js';

interface EndedProps {
  readonly texts: Texts;
  /** What has ended while the reader had something else open. */
  readonly runs: readonly Run[];
  readonly sale: SaleResult | undefined;
}

/** Says what has ended elsewhere on the page, and leads to it. */
export function EndedView({ texts, runs, sale }: EndedProps) {
  const { shop } = texts;
  return (
    <div class="ended" role="status">
      {runs.map((run) => (
        <p key={run.id}>
          {texts.ended(texts.experiments[run.experiment]?.title ?? run.experiment)}{' '}
          {resultOf(run, texts)}. <Link href={`#run=${run.id}`}>{texts.showResult}</Link>
        </p>
      ))}
      {sale && (
        <p>
          {shop.ended} {shop.headline(sale.sold, sale.oversold)}.{' '}
          <Link href="#/shop">{texts.showResult}</Link>
        </p>
      )}
    </div>
  );
}

/** Moves the focus to what it opens, since the link itself disappears. */
function Link({ href, children }: { readonly href: string; readonly children: string }) {
  return (
    <a href={href} onClick={() => focusMain()}>
      {children}
    </a>
  );
}

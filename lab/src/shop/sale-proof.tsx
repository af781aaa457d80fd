import type { Texts } from '../texts/texts.js';
import type { SaleResult } from './run-sale.js';

interface ProofProps {
  readonly texts: Texts;
  readonly result: SaleResult;
}

/** Whether stock and wallets agree with the answers, after the sale. */
export function SaleProof({ texts: { shop }, result }: ProofProps) {
  const { buyers, units, sold, refused, unitsLeft, oversold, wrongWallets } = result;
  const facts = [
    [sold + unitsLeft === units && oversold === 0, shop.proofStock(sold, unitsLeft, units)],
    [sold + refused === buyers, shop.proofBuyers(sold, refused, buyers)],
    [wrongWallets === 0, shop.proofWallets(buyers - wrongWallets, buyers)],
  ] as const;
  const isGood = facts.every(([holds]) => holds);
  const measured = [
    [shop.waitP50, shop.number(Math.round(result.waitP50Ms))],
    [shop.waitP99, shop.number(Math.round(result.waitP99Ms))],
  ] as const;
  return (
    <>
      <div class={`outcome ${isGood ? 'good' : 'bad'}`}>
        <h4 class="headline">{shop.headline(sold, oversold)}</h4>
        <dl>
          {measured.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
      <ul class="proof">
        {facts.map(([holds, text]) => (
          <li key={text} class={holds ? 'holds' : 'fails'}>
            <span aria-hidden="true">{holds ? '✓' : '✕'}</span>
            {text}
          </li>
        ))}
        <li>
          <span aria-hidden="true">·</span>
          {shop.answeredBy(
            Object.entries(result.instances)
              .map(([name, count]) => `${name}: ${shop.number(count)}`)
              .join(', '),
          )}
        </li>
      </ul>
    </>
  );
}

import type { SaleProgress } from '../shop/run-sale.js';

/** The shop and its flash sale. Numbers come as numbers, since languages write them differently. */
export interface ShopTexts {
  readonly title: string;
  readonly expect: string;
  readonly number: (value: number) => string;
  readonly points: (value: number) => string;
  readonly catalogue: string;
  readonly inStock: (units: number) => string;
  readonly soldOut: string;
  readonly buy: string;
  readonly buyOne: (product: string) => string;
  readonly sending: string;
  readonly bought: (product: string, total: number, instance: string) => string;
  readonly wallet: string;
  readonly charge: (points: number) => string;
  readonly charged: (points: number) => string;
  readonly popular: string;
  readonly windows: Readonly<Record<'5m' | '10m' | '1d' | '7d', string>>;
  readonly sold: (units: number) => string;
  readonly nothingSold: string;
  readonly sale: string;
  readonly saleExpect: string;
  readonly buyers: string;
  readonly units: string;
  readonly startSale: string;
  readonly phase: (phase: SaleProgress['phase'], ahead: number) => string;
  readonly ended: string;
  readonly soldUnits: string;
  readonly refused: string;
  readonly rate: string;
  readonly waitP50: string;
  readonly waitP99: string;
  readonly answered: string;
  readonly preparedBuyers: string;
  readonly headline: (sold: number, oversold: number) => string;
  readonly proofStock: (sold: number, left: number, units: number) => string;
  readonly proofBuyers: (sold: number, refused: number, buyers: number) => string;
  readonly proofWallets: (right: number, buyers: number) => string;
  readonly answeredBy: (instances: string) => string;
  readonly chart: string;
  readonly seconds: string;
}

import type { ShopTexts } from './shop-texts.js';

const number = (value: number) => value.toLocaleString('en');

export const shopEn: ShopTexts = {
  title: 'Shop',
  expect:
    'You are the customer lab-customer of this service. Each button sends the requests that any client sends: the orders, the points and the stock are real.',
  number,
  points: (value) => `${number(value)} points`,
  catalogue: 'Catalogue',
  inStock: (units) => `${number(units)} in stock`,
  soldOut: 'Sold out',
  buy: 'Buy',
  buyOne: (product) => `Buy ${product}`,
  sending: 'Sending…',
  bought: (product, total, instance) =>
    `Bought ${product} for ${number(total)} points. Instance ${instance} answered.`,
  wallet: 'Wallet',
  charge: (points) => `Charge ${number(points)} points`,
  charged: (points) => `Charged ${number(points)} points.`,
  popular: 'Popular items',
  windows: { '5m': '5 minutes', '10m': '10 minutes', '1d': '1 day', '7d': '7 days' },
  sold: (units) => `${number(units)} sold`,
  nothingSold: 'Nothing was sold at the last count.',
  sale: 'Flash sale',
  saleExpect:
    'The server fills the stock of a product with few units and charges the wallet of each buyer. Then all buyers order it at once over HTTP. At the end it compares the stock and every wallet.',
  buyers: 'Buyers',
  units: 'Units in stock',
  startSale: 'Start the flash sale',
  phase: (phase, ahead) => {
    switch (phase) {
      case 'queued':
        return ahead === 1 ? 'Waiting for 1 other run' : `Waiting for ${ahead} other runs`;
      case 'preparing':
        return 'The buyers charge their wallets.';
      case 'selling':
        return 'The buyers order.';
      case 'checking':
        return 'Stock and wallets are compared.';
    }
  },
  ended: 'The flash sale has ended.',
  soldUnits: 'Sold',
  refused: 'Refused',
  rate: 'Buyers per second',
  waitP50: 'Order answered, p50 ms',
  waitP99: 'Order answered, p99 ms',
  answered: 'Buyers who have an answer',
  preparedBuyers: 'Buyers with a charged wallet',
  headline: (sold, oversold) =>
    oversold === 0 ? `${number(sold)} sold, none oversold` : `${number(oversold)} oversold`,
  proofStock: (sold, left, units) =>
    `Stock: ${number(sold)} sold and ${number(left)} left, of ${number(units)} units.`,
  proofBuyers: (sold, refused, buyers) =>
    `Buyers: ${number(sold)} served and ${number(refused)} refused, of ${number(buyers)}.`,
  proofWallets: (right, buyers) =>
    `Wallets: ${number(right)} of ${number(buyers)} have what was charged, less the price of what was bought.`,
  answeredBy: (instances) => `Orders by the instance that answered: ${instances}.`,
  chart: 'Sold and refused over time',
  seconds: 'seconds since the first order',
};

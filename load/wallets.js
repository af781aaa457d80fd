// A few wallets, charged and paid from by many at once.
import { check } from 'k6';
import { constantRate, nextKey, order, pick, post, shop, thresholds } from './shop.js';

const FEW = 4;

export const options = { scenarios: { wallets: constantRate(60) }, thresholds };

export default function () {
  const customer = pick(shop.customers.slice(0, FEW));
  if (Math.random() < 0.5) {
    const answer = post('/v1/wallets/me/charges', { amount: 100 }, customer.token, nextKey());
    check(answer, { charged: ({ status }) => status === 201 });
    return;
  }
  const [placed] = order(customer, pick(shop.products));
  if (!check(placed, { ordered: ({ status }) => status === 201 })) return;
  const path = `/v1/orders/${placed.json('id')}/payments`;
  const paid = post(path, { method: 'points' }, customer.token, nextKey());
  check(paid, { 'paid, or not enough points': ({ status }) => status === 201 || status === 409 });
}

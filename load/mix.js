import { check } from 'k6';
import { get, nextKey, order, pick, post, shop } from './shop.js';

/** What one visitor does: mostly look, now and then order, pay, and fill the wallet. */
export function visit() {
  const chance = Math.random();
  if (chance < 0.45) look();
  else if (chance < 0.6) check(get('/v1/products'), { 'a page of products': isOk });
  else if (chance < 0.75) check(get(`/v1/products/${pick(shop.products)}/stock`), { stock: isOk });
  else if (chance < 0.85) charge();
  else buy();
}

export function look() {
  check(get(`/v1/products/${pick(shop.products)}`), { 'a product': isOk });
}

export function charge() {
  const { token } = pick(shop.customers);
  const answer = post('/v1/wallets/me/charges', { amount: 1_000 }, token, nextKey());
  check(answer, { charged: ({ status }) => status === 201 });
}

/** One in ten is sent twice at once, as an impatient client does. */
export function buy() {
  const customer = pick(shop.customers);
  const answers = order(customer, pick(shop.products), Math.random() < 0.1 ? 2 : 1);
  const taken = answers.find(({ status }) => status === 201);
  check(answers, { ordered: () => taken !== undefined });
  if (!taken || Math.random() < 0.3) return;
  const path = `/v1/orders/${taken.json('id')}/payments`;
  const paid = post(path, { method: 'points' }, customer.token, nextKey());
  check(paid, { 'paid, or not enough points': ({ status }) => status === 201 || status === 409 });
}

function isOk({ status }) {
  return status === 200;
}

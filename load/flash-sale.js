// A thousand orders at once for one product, of which there are a hundred.
import { sleep } from 'k6';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import { nextKey, note, orderOf, postOf, shop } from './shop.js';

const BUYERS = 200;
const ORDERS_EACH = 5;
const TRIES = 10;

const sold = new Counter('sold');
const refused = new Counter('refused');

export const options = {
  scenarios: {
    sale: { executor: 'per-vu-iterations', vus: BUYERS, iterations: 1, maxDuration: '120s' },
  },
  batchPerHost: ORDERS_EACH,
  thresholds: { sold: ['count==100'], refused: ['count==900'] },
};

export default function () {
  const customer = shop.customers[__VU % shop.customers.length];
  let keys = Array.from({ length: ORDERS_EACH }, nextKey);
  for (let attempt = 0; attempt < TRIES && keys.length > 0; attempt += 1) {
    if (attempt > 0) sleep(1);
    keys = tryToBuy(customer, keys);
  }
}

/** Answers those that waited too long for a turn, and come again under the same key. */
function tryToBuy(customer, keys) {
  const [productId] = shop.products;
  const answers = http.batch(
    keys.map((key) => postOf('/v1/orders', orderOf(productId), customer.token, key)),
  );
  return keys.filter((key, i) => {
    const { status } = answers[i];
    note(customer, key, answers[i]);
    if (status === 201) sold.add(1);
    else if (status === 409) refused.add(1);
    return status === 503;
  });
}

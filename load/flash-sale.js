// A thousand orders at once for one product, of which there are a hundred.
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import { nextKey, note, orderOf, postOf, shop } from './shop.js';

const BUYERS = 200;
const ORDERS_EACH = 5;

const sold = new Counter('sold');
const refused = new Counter('refused');

export const options = {
  scenarios: {
    sale: { executor: 'per-vu-iterations', vus: BUYERS, iterations: 1, maxDuration: '60s' },
  },
  batchPerHost: ORDERS_EACH,
  thresholds: { sold: ['count==100'], refused: ['count==900'], http_req_failed: ['rate==0'] },
};

export default function () {
  const customer = shop.customers[__VU % shop.customers.length];
  const keys = Array.from({ length: ORDERS_EACH }, nextKey);
  const [productId] = shop.products;
  const answers = http.batch(
    keys.map((key) => postOf('/v1/orders', orderOf(productId), customer.token, key)),
  );
  for (const [i, answer] of answers.entries()) {
    note(customer, keys[i], answer);
    if (answer.status === 201) sold.add(1);
    else if (answer.status === 409) refused.add(1);
  }
}

// What every scenario shares: the shop that tools/load prepared, and requests whose outcome is
// noted, a line of JSON each, for the ledger audit afterwards.
import http from 'k6/http';

/** `{ url, products: [id], customers: [{ userId, token }], admin: token }` */
export const shop = JSON.parse(open(__ENV.SHOP));
export const seconds = Number(__ENV.SECONDS);

// Refusals are answers too: sold out, not enough points, the first one still under way.
http.setResponseCallback(http.expectedStatuses({ min: 200, max: 399 }, 402, 409));

/** So many iterations a second, whether or not earlier ones were answered. */
export function constantRate(rate) {
  return {
    executor: 'constant-arrival-rate',
    rate,
    timeUnit: '1s',
    duration: `${seconds}s`,
    preAllocatedVUs: rate,
    maxVUs: rate * 4,
  };
}

export const thresholds = {
  http_req_failed: ['rate<0.01'],
  http_req_duration: ['p(95)<1000', 'p(99)<3000'],
  checks: ['rate==1'],
};

export function pick(list) {
  return list[Math.floor(Math.random() * list.length)];
}

export function get(path, tags = {}) {
  return http.get(`${shop.url}${path}`, {
    tags: { name: path.replace(/[0-9a-f-]{36}/, ':id'), ...tags },
  });
}

/** The parts of a POST, as `http.batch` takes them. */
export function postOf(path, body, token, key) {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` };
  if (key) headers['Idempotency-Key'] = key;
  const tags = { name: path.replace(/[0-9a-f-]{36}/, ':id') };
  return ['POST', `${shop.url}${path}`, JSON.stringify(body), { headers, tags }];
}

export function post(path, body, token, key) {
  const [, url, text, params] = postOf(path, body, token, key);
  return http.post(url, text, params);
}

let serial = 0;

/** Unique in a run: no other of k6's users has this number. */
export function nextKey() {
  serial += 1;
  return `${shop.run}-${__VU}-${serial}`;
}

export function orderOf(productId, quantity = 1) {
  return { items: [{ productId, quantity }] };
}

/** Sends an order once, or as often as `times` says at the same moment under one key. */
export function order(customer, productId, times = 1) {
  const key = nextKey();
  const request = postOf('/v1/orders', orderOf(productId), customer.token, key);
  const answers = http.batch(Array.from({ length: times }, () => request));
  for (const answer of answers) note(customer, key, answer);
  return answers;
}

export function note({ userId }, key, { status, body }) {
  const orderId = status === 201 ? JSON.parse(body).id : undefined;
  console.log(JSON.stringify({ userId, key, status, orderId }));
}

/**
 * Orders, payments, cancellations, charges and stock reads, written by hand on the tables of Lockstep. It
 * has the effects and guarantees of Lockstep and uses the same libraries, but has no layers.
 */
import { createSecretKey } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import express, { type Request, type Response } from 'express';
import { jwtVerify } from 'jose';
import { headersOf, observe } from '../same-answer.js';
import { recordedOutcome } from './idempotency.js';
import { relayOutbox } from './outbox.js';
import { cancelOrder, charge, payOrder } from './pay-order.js';
import { placeOrder, readStock } from './place-order.js';

const UUID = /^[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
const secret = createSecretKey(Buffer.from(process.env['JWT_SECRET'] ?? '', 'utf8'));

interface Verified {
  readonly user: string;
  readonly expiresAtMs: number;
}

const verified = new Map<string, Verified>();

/** Returns the user of a token. Each token is verified once and then cached until it expires. */
async function userOf(req: Request): Promise<string> {
  const token = /^Bearer +(\S+) *$/i.exec(req.headers.authorization ?? '')?.[1] ?? '';
  const known = verified.get(token);
  if (known && Date.now() < known.expiresAtMs) return known.user;
  const options = { algorithms: ['HS256'], requiredClaims: ['exp', 'sub'] };
  const { payload } = await jwtVerify(token, secret, options);
  const user = String(payload.sub);
  verified.set(token, { user, expiresAtMs: Number(payload.exp) * 1_000 });
  return user;
}

/** @returns the one item of the order; undefined: the body is not valid */
function itemOf(body: unknown): { productId: string; quantity: number } | undefined {
  if (typeof body !== 'object' || body === null || Object.keys(body).join() !== 'items')
    return undefined;
  const { items } = body as { items: unknown };
  if (!Array.isArray(items) || items.length !== 1) return undefined;
  const { productId, quantity, ...rest } = items[0] as Record<string, unknown>;
  const isValid =
    typeof productId === 'string' &&
    UUID.test(productId) &&
    Number.isInteger(quantity) &&
    Number(quantity) >= 1 &&
    Number(quantity) <= 10_000 &&
    Object.keys(rest).length === 0;
  return isValid ? { productId, quantity: Number(quantity) } : undefined;
}

function respond(
  req: Request,
  res: Response,
  status: number,
  body: unknown,
  more: readonly string[] = [],
): void {
  const text = JSON.stringify(body);
  const type = ['Content-Type', 'application/json; charset=utf-8'];
  const length = ['Content-Length', `${Buffer.byteLength(text)}`];
  res.writeHead(status, [...headersOf(req), ...more, ...type, ...length]).end(text);
}

const PRIVATE = ['Cache-Control', 'private, no-store'];

const app = express();
app.disable('x-powered-by');
app.post('/v1/orders', express.json({ limit: '64kb' }), async (req, res) => {
  observe(req, res, '/v1/orders');
  const user = await userOf(req);
  const item = itemOf(req.body);
  if (!item) return respond(req, res, 400, { code: 'validation_failed' }, PRIVATE);
  const header = req.get('idempotency-key');
  const key = header && { user, key: header, body: JSON.stringify(req.body) };
  const recorded = key && (await recordedOutcome(key));
  if (recorded) return respond(req, res, 201, recorded, PRIVATE);
  const order = await placeOrder(user, item, key || undefined);
  if (!order) return respond(req, res, 409, { code: 'insufficient_stock' }, PRIVATE);
  respond(req, res, 201, order, [...PRIVATE, 'Location', `/v1/orders/${order.id}`]);
});
app.post('/v1/orders/:id/payments', express.json({ limit: '64kb' }), async (req, res) => {
  observe(req, res, '/v1/orders/{id}/payments');
  const user = await userOf(req);
  const { method } = req.body as { method: unknown };
  const paid =
    method === 'points' && UUID.test(req.params.id) && (await payOrder(user, req.params.id));
  if (paid) respond(req, res, 201, paid, PRIVATE);
  else respond(req, res, 409, { code: 'order_not_payable' }, PRIVATE);
});
app.post('/v1/orders/:id/cancellations', async (req, res) => {
  observe(req, res, '/v1/orders/{id}/cancellations');
  const user = await userOf(req);
  const cancelled = UUID.test(req.params.id) && (await cancelOrder(user, req.params.id));
  if (cancelled) respond(req, res, 201, cancelled, PRIVATE);
  else respond(req, res, 409, { code: 'order_not_cancellable' }, PRIVATE);
});
app.post('/v1/wallets/me/charges', express.json({ limit: '64kb' }), async (req, res) => {
  observe(req, res, '/v1/wallets/me/charges');
  const user = await userOf(req);
  const { amount } = req.body as { amount: unknown };
  const isValid =
    Number.isInteger(amount) && Number(amount) >= 1 && Number(amount) <= 1_000_000_000;
  if (!isValid) return respond(req, res, 400, { code: 'validation_failed' }, PRIVATE);
  respond(req, res, 201, await charge(user, Number(amount)), PRIVATE);
});
app.get('/v1/products/:id/stock', async (req, res) => {
  observe(req, res, '/v1/products/{id}/stock');
  const stock = UUID.test(req.params.id) && (await readStock(req.params.id));
  if (!stock) return respond(req, res, 404, { code: 'not_found' });
  respond(req, res, 200, stock, ['Cache-Control', 'no-store']);
});

void relayOutbox();
const server = app.listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port);
});

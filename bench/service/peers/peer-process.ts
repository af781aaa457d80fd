/**
 * A hand-written order service, as a process of its own: what a team writes in an afternoon. A request has
 * the effects that it has in Lockstep, and nothing else: no authentication, no idempotency, no
 * events, no validation.
 *
 * PEER_WAY: `for-update` locks the stock's row, `optimistic` compares its version and tries again,
 * `redlock` takes a lock of redlock-universal before it updates, `express` and `node` only answer, with
 * Express and with Node's HTTP server alone.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Response } from 'express';
import type { RowDataPacket } from 'mysql2/promise';
import { pool } from './database.js';
import { cancel, charge, pay } from './pay-order.js';
import {
  makePlaceUnderRedlock,
  type PlaceOrder,
  placeForUpdate,
  placeOptimistically,
} from './place-order.js';

const { PEER_REDIS_URL = '', PEER_WAY = 'for-update' } = process.env;

/** A body of the same length as a product of Lockstep. */
const PRODUCT = {
  id: '01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c',
  sku: 'BENCH-1',
  name: 'Tea',
  price: 100,
  category: 'bench',
  likes: 0,
  version: 1,
  updatedAt: '2026-01-01T00:00:00.000Z',
};

const WAYS: Readonly<Record<string, () => PlaceOrder | Promise<PlaceOrder>>> = {
  'for-update': () => placeForUpdate,
  optimistic: () => placeOptimistically,
  redlock: () => makePlaceUnderRedlock(PEER_REDIS_URL),
  express: () => async (productId, quantity) => ({ id: randomUUID(), productId, quantity }),
};
const place = await WAYS[PEER_WAY]?.();

const app = express();
app.use(express.json());
app.post('/orders', async (req, res) => {
  const { productId, quantity } = req.body as { productId: number; quantity: number };
  respond(res, await place?.(productId, quantity));
});
app.post('/orders/:id/payments', async (req, res) => respond(res, await pay(req.params.id)));
app.post('/orders/:id/cancellations', async (req, res) =>
  respond(res, await cancel(req.params.id)),
);
app.post('/wallets/:userId/charges', async (req, res) => {
  const { amount } = req.body as { amount: number };
  respond(res, await charge(Number(req.params.userId), amount));
});
app.get('/products/:id', async (req, res) => {
  res.json(PEER_WAY === 'express' ? PRODUCT : await readStock(Number(req.params.id)));
});

/** The least work for a response with Node's HTTP server: the bytes are ready before the request. */
const text = JSON.stringify(PRODUCT);
const plain: RequestListener = (req, res) => {
  req.resume();
  res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': text.length });
  res.end(text);
};

const server = createServer(PEER_WAY === 'node' ? plain : app);
server.listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port);
});

/** Answers 201 with the body, or 409 if the effect was refused. */
function respond(res: Response, body: object | undefined): void {
  if (body) res.status(201).json(body);
  else res.status(409).json({ code: 'refused' });
}

async function readStock(id: number): Promise<object | undefined> {
  const [[stock]] = await pool.execute<RowDataPacket[]>(
    'SELECT product_id AS id, available, version, price FROM stocks WHERE product_id = ?',
    [id],
  );
  return stock;
}

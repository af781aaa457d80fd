import { Router } from 'express';
import { jsonBody } from '../../requests/json-body.js';
import { methodsOnly } from '../../requests/methods-only.js';
import { parseBody } from '../../requests/validation.js';
import { HttpProblem } from '../../responses/problem.js';
import type { LabAccess } from '../lab-access.js';
import { sendRun } from '../send-run.js';
import type { LabShop } from './lab-shop.js';
import { SaleRequest } from './shop-schemas.js';

/**
 * What the shop of the page needs besides the API. Without a shop the routes answer 404.
 *
 * The page calls the API itself, with a short-lived token of a customer, so it shows what any client of
 * the API would see (decision 37).
 */
export function shopRouter(shop: LabShop | undefined, access: LabAccess): Router {
  const router = Router();
  router.use(methodsOnly(['POST']));
  router.use(async (req, _res, next) => {
    await access.require(req);
    next();
  });
  router.post('/customer', async (_req, res) => {
    res.set('Cache-Control', 'no-store').json(await open(shop).customer());
  });
  router.use('/sales', jsonBody());
  router.post('/sales', async (req, res) => {
    const request = SaleRequest.parse(parseBody(req, SaleRequest));
    await sendRun(req, res, () => open(shop).sell(request));
  });
  return router;
}

/** @throws HttpProblem */
function open(shop: LabShop | undefined): LabShop {
  if (shop) return shop;
  const detail = 'JWT_JWKS_URL is set: only that identity provider signs tokens for customers.';
  throw new HttpProblem('not_found', detail);
}

import { fileURLToPath } from 'node:url';
import { Router, static as serveStatic } from 'express';
import helmet from 'helmet';
import { jsonBody } from '../requests/json-body.js';
import { methodsOnly } from '../requests/methods-only.js';
import { parseBody } from '../requests/validation.js';
import { HttpProblem } from '../responses/problem.js';
import type { Lab } from './lab.js';
import type { LabAccess } from './lab-access.js';
import { RunRequest, SignInRequest } from './lab-schemas.js';
import { sendRun } from './send-run.js';
import type { LabShop } from './shop/lab-shop.js';
import { shopRouter } from './shop/shop-router.js';

/** Built from `lab/` by `npm run build`. */
const PAGE = fileURLToPath(new URL('./page/', import.meta.url));

/**
 * The page of the lab and the routes that it calls. They are for people, and not a part of the
 * API's contract.
 */
export function labRouter(lab: Lab, access: LabAccess, cluster: Router, shop?: LabShop): Router {
  const router = Router();
  router.use(strictPolicy, (_req, res, next) => {
    res.route = '/lab';
    next();
  });
  router.use('/session', methodsOnly(['POST', 'DELETE']));
  router.use('/experiments', methodsOnly(['GET']));
  router.use('/session', jsonBody());
  router.post('/session', async (req, res) => {
    const { code } = SignInRequest.parse(parseBody(req, SignInRequest));
    await access.signIn(req, res, code);
    res.status(204).end();
  });
  router.delete('/session', (req, res) => {
    access.signOut(req, res);
    res.status(204).end();
  });
  router.get('/experiments', async (req, res) => {
    await access.require(req);
    res.set('Cache-Control', 'no-store').json({ experiments: lab.experiments() });
  });
  router.use('/cluster', cluster);
  router.use('/runs', jsonBody());
  router.post('/runs', async (req, res) => {
    await access.require(req);
    const request = RunRequest.parse(parseBody(req, RunRequest));
    await sendRun(req, res, () => lab.start(request));
  });
  router.get('/runs/:id', async (req, res) => {
    await access.require(req);
    const id = String(req.params.id);
    res.set('Cache-Control', 'no-store');
    const pending = lab.pending(id);
    if (pending) {
      res.status(202).json(pending);
      return;
    }
    const record = await lab.find(id);
    if (!record) throw new HttpProblem('not_found', 'The run does not exist.');
    res.json(record);
  });
  router.use('/shop', shopRouter(shop, access));
  router.use(methodsOnly(['GET']));
  router.get('/', (_req, res) => {
    res.sendFile('index.html', { root: PAGE, cacheControl: false });
  });
  router.use(serveStatic(PAGE, { index: false, redirect: false, cacheControl: false }));
  return router;
}

/** Nothing inline, and nothing from another host. */
const strictPolicy = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
});

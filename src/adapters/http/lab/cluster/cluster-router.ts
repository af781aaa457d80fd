import { type Request, Router } from 'express';
import { streamLimit } from '../../admission/open-request-limit.js';
import { jsonBody } from '../../requests/json-body.js';
import { parseBody } from '../../requests/validation.js';
import { sendEvents, serverSentEvent } from '../../responses/event-stream.js';
import type { LabAccess } from '../lab-access.js';
import type { ClusterPanel } from './cluster-panel.js';
import { BusCut, PriceChange } from './cluster-schemas.js';
import type { ClusterWatch } from './cluster-watch.js';
import type { InstanceControls } from './instance-controls.js';

/** Most pages that may show the panel at the same time. */
const MAX_VIEWERS = 16;

/**
 * What the cluster panel calls: the routes below `/instances` pass a command to an instance, and those below
 * `/self` are what that instance then does. All of them are for administrators.
 */
export function clusterRouter(
  panel: ClusterPanel,
  self: InstanceControls,
  access: LabAccess,
): Router {
  const router = Router();
  const viewers = streamLimit({ ofInstance: MAX_VIEWERS, ofUser: MAX_VIEWERS });
  router.use(async (req, res, next) => {
    await access.require(req);
    res.set('Cache-Control', 'no-store');
    next();
  });
  router.use(jsonBody());
  router.get('/', (_req, res) => {
    res.json(panel.availability);
  });
  router.get('/events', async (req, res) => {
    const watch = await panel.watch();
    viewers.enter('lab', res);
    await sendEvents(req, res, encoded(watch));
  });
  router.post('/instances/:number/price', async (req, res) => {
    const { price } = PriceChange.parse(parseBody(req, PriceChange));
    await panel.changePrice(numberOf(req), price);
    res.status(204).end();
  });
  router.post('/instances/:number/bus-cut', async (req, res) => {
    const { forMs } = BusCut.parse(parseBody(req, BusCut));
    await panel.cutBus(numberOf(req), forMs);
    res.status(204).end();
  });
  router.post('/instances/:number/pause', async (req, res) => {
    await panel.pause(numberOf(req));
    res.status(202).end();
  });
  router.get('/self', async (_req, res) => {
    res.json(await self.state());
  });
  router.post('/self/bus-cut', (req, res) => {
    const { forMs } = BusCut.parse(parseBody(req, BusCut));
    self.cutBus(forMs);
    res.status(204).end();
  });
  router.post('/self/pause', (_req, res) => {
    res.once('finish', self.preparePause());
    res.status(202).end();
  });
  return router;
}

function numberOf({ params }: Request): number {
  return Number(params['number']);
}

async function* encoded(watch: ClusterWatch): AsyncGenerator<string> {
  for await (const snapshot of watch.snapshots()) yield serverSentEvent('snapshot', snapshot);
}

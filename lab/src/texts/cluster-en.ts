import type { ClusterTexts } from './cluster-texts.js';

const count = (value: number | null) => (value === null ? 'not known' : `${value}`);

export const clusterEn: ClusterTexts = {
  title: 'Cluster',
  intro:
    'One product, read through every instance ten times a second. Change its price through one instance, cut the bus of another or pause it: no answer may be older than the bound.',
  lacks: {
    addresses:
      'This instance knows no other instance. The command below starts several, with their addresses in LAB_INSTANCES:',
    secret:
      'An identity provider signs the tokens of this service (JWT_JWKS_URL), so its instances cannot send commands to each other. Use a cluster with a secret:',
  },
  waiting: 'Waiting for the first answers…',
  reconnecting: 'The connection to this instance is lost. Connecting again…',
  product: (name, sku) => `${name} (${sku})`,
  servesPage: 'serves this page',
  inSync: 'in sync',
  notInSync: 'not in sync',
  busCut: (seconds) => `bus cut, ${seconds} s left`,
  silent: (ms) => `no answer for ${ms} ms`,
  noAnswer: 'No answer yet',
  points: (price) => `${price} points`,
  version: 'Version',
  level: 'Cache level',
  levels: {
    l1: 'L1: memory of the instance',
    l2: 'L2: Redis',
    stored: 'database, then cached',
    miss: 'database, not cached',
    bypass: 'database, cache bypassed',
  },
  age: 'Age of the answer',
  current: 'current',
  replaced: (ms) => `replaced ${ms} ms ago`,
  worst: 'Oldest answer so far',
  worstOf: (ms, boundMs) => `${ms} ms; bound ${boundMs} ms`,
  history: (worstMs, boundMs) =>
    `The latest answers. The oldest of them was replaced ${worstMs} ms before; the dashed line is the bound of ${boundMs} ms.`,
  newPrice: (instance) => `New price through ${instance}`,
  change: (instance) => `Change through ${instance}`,
  cut: 'Cut the bus',
  cutOf: (instance) => `Cut the bus of ${instance}`,
  pause: (seconds) => `Pause for ${seconds} s`,
  pauseOf: (instance, seconds) => `Pause for ${seconds} s: ${instance}`,
  cannotPause: 'It cannot be paused here.',
  noBus: 'It has no bus: its cache is not shared.',
  answers: 'Answers to this panel',
  invalidations: 'Invalidations',
  invalidated: (byMessage, byComparison) =>
    `${byMessage} by message, ${byComparison} by comparison`,
  monitor: 'Staleness monitor',
  monitored: (samples, stale, atMostMs) =>
    samples === 0
      ? 'no sample yet'
      : `${samples} samples, ${stale} stale${atMostMs === null ? '' : `, none over ${atMostMs} ms`}`,
  lockWaits: (seconds) => `Lock waits of the last ${seconds} s`,
  waited: (waits, meanMs, leasesLost) => `${waits}, mean ${meanMs} ms; leases lost: ${leasesLost}`,
  queue: 'Order requests that wait',
  queued: (outbox, kafka) =>
    `${count(outbox)} in the outbox${kafka === null ? '' : `, ${kafka} in Kafka`}`,
  agreed: (price, ms, instances) =>
    instances === 1
      ? `The only instance that answers shows ${price}, ${ms} ms after the change.`
      : `All ${instances} instances that answer show ${price}, ${ms} ms after the change.`,
  agreeing: (price) => `The price is now ${price}. Not every instance shows it yet.`,
  wasCut: (instance) => `The bus of ${instance} is cut. It still compares with Redis.`,
  isBack: (instance) => `The bus of ${instance} is back.`,
  isPaused: (instance, seconds) => `${instance} is paused for ${seconds} s.`,
  isSilent: (instance) => `${instance} does not answer.`,
  answersAgain: (instance) => `${instance} answers again.`,
};

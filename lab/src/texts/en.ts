import { chartsEn } from './chart-texts.js';
import { clusterEn } from './cluster-en.js';
import { problemsEn } from './problem-texts.js';
import { shopEn } from './shop-en.js';
import type { Texts } from './texts.js';
import { whyEn } from './why-texts.js';

export const en: Texts = {
  name: 'English',
  title: 'Lockstep lab',
  subtitle: 'Real runs, recorded while they happen. Nothing here is simulated.',
  experiments: {
    'own-race': {
      title: 'Make your own race',
      expect:
        'Choose for each request the order of its steps, its key and its pauses, and run it on one wallet. The page says which update was lost and which rule was broken.',
    },
    'no-lock': {
      title: 'No lock',
      expect:
        'Each request reads the balance, adds 10 and writes it back, in a transaction of its own and without a lock. All read the same balance, so the last commit replaces the others.',
    },
    'transaction-before-lock': {
      title: 'Transaction begun before the lock',
      expect:
        'The lock lets in one request at a time, but every transaction began before and reads from its old snapshot. Charges are lost although no two requests hold the lock at once.',
    },
    'release-before-commit': {
      title: 'Lock released before the commit',
      expect:
        'The next request gets the lock, and reads, before the commit of the previous one is visible. It writes over an update that it has not seen.',
    },
    'feature-named-keys': {
      title: 'Keys named after the feature',
      expect:
        'Charge and payment lock charge:alice and pay:alice, so both run at once on the same wallet. The one that commits last replaces the other.',
    },
    'right-order': {
      title: 'The right order',
      expect:
        'Lock, transaction, work, commit, release: each request reads what the previous one committed. Nothing is lost, and the requests wait for each other.',
    },
    'paused-holder': {
      title: 'Holder paused past its lease',
      expect:
        'R1 stands still until its lease is over, and R2 commits in the meantime. Only the check of the lease, or the version of the row, stops R1 from overwriting R2.',
    },
    'ways-of-waiting': {
      title: 'Simple, spin and pub/sub waiting',
      expect:
        'Clients of two instances charge one wallet again and again, and wait in three ways. None loses an update; they differ in refusals, waits and Redis commands.',
    },
    'lock-manager-down': {
      title: 'Redis killed under contended charges',
      expect:
        'Redis is killed while one request holds the lock and two wait. A careless service loses updates, a strict one refuses; this one locks rows instead.',
    },
    'local-caches': {
      title: 'Local caches without a bus',
      expect:
        'Two instances cache a price in their own memory, and one of them changes it. Until the entry expires, the answer depends on which instance is asked.',
    },
    'local-caches-with-bus': {
      title: 'Local caches with a bus',
      expect:
        'The writer publishes an eviction to the other instance. Nothing is stale while every message arrives.',
    },
    'slow-loader': {
      title: 'Slow loader against an invalidation',
      expect:
        'A reader loads the old price, and a writer evicts before the reader stores it. A naive cache keeps the old price; a conditional fill is refused.',
    },
    'bus-cut': {
      title: 'Bus cut during a write',
      expect:
        'The bus connection of one instance closes right when a change is published. A cache that only listens serves the old price; one that also compares does not.',
    },
    'killed-writer': {
      title: 'Writer killed after its commit',
      expect:
        'A process commits a new price and is killed before it can evict the old one. A write intent that was set before the commit makes that harmless.',
    },
    stampede: {
      title: 'Stampede on an expired answer',
      expect:
        'A popular answer expires and hundreds of readers miss it at once. With a naive cache each of them asks the database; here one does.',
    },
    'lock-against-queue': {
      title: 'Lock and queue on one hot product',
      expect:
        'Everybody wants the same product, once through the lock and once through the queue. Neither sells a unit too many.',
    },
    compensation: {
      title: 'A payment whose second step fails',
      expect:
        'The card is charged, and the order is cancelled before it is paid. Without a stored saga the money of the customer is gone.',
    },
  },
  groups: { lock: 'Lock and transaction', cache: 'Caches', queue: 'Queue', payment: 'Payments' },
  cluster: clusterEn,
  list: 'Experiments',
  skip: 'Skip to the content',
  settings: 'Settings',
  requests: 'Requests at once',
  holdMs: 'Longest pause, ms',
  holdHint: 'Each request pauses where it does most harm, for this time at most.',
  strategy: 'Way to wait for the lock',
  wholeNumber: (min, max) =>
    `A whole number from ${min.toLocaleString('en')} to ${max.toLocaleString('en')}`,
  run: 'Run',
  running: 'Running…',
  queued: (ahead) => `Waiting for ${ahead} other run${ahead === 1 ? '' : 's'}`,
  liveSteps: (count) => `${count} steps recorded`,
  failed: 'The run failed',
  runWithoutResult:
    'It has ended without a result: it failed, or the instance was started again meanwhile.',
  ended: (experiment) => `The run of “${experiment}” has ended.`,
  showResult: 'Show the result',
  loading: 'Loading…',
  place: {
    embedded: 'Runs in one process, without a server: SQLite, in-process lock and cache',
    servers: 'Runs on the database and the Redis of this instance',
  },
  unavailable: 'This instance cannot run it.',
  needs: {
    servers:
      'It needs a database server and Redis: several connections, or several processes. This command starts them all, with a lab:',
    kafka: 'It needs Kafka. This command starts a cluster that has one:',
    'a Redis to stop':
      'It starts a Redis of its own and kills it, but this machine has no redis-server. In a terminal Docker can start one too:',
  },
  fromTerminal: 'Or run it in a terminal:',
  variant: (name) => name,
  headline: (outcome) => {
    switch (outcome.kind) {
      case 'balance':
        if (outcome.lostUpdates === 0) return 'No update lost';
        return outcome.lostUpdates === 1 ? '1 update lost' : `${outcome.lostUpdates} updates lost`;
      case 'freshness':
        if (outcome.stale === 0) return 'No stale answer';
        return outcome.stale === 1 ? '1 stale answer' : `${outcome.stale} stale answers`;
      case 'load':
        return outcome.databaseQueries === 1
          ? '1 database query'
          : `${outcome.databaseQueries} database queries`;
      case 'money':
        return outcome.missing === 0 ? 'No point is missing' : `${outcome.missing} points missing`;
      case 'ordering':
        return outcome.oversold === 0 ? 'Nothing oversold' : `${outcome.oversold} oversold`;
    }
  },
  figures: (outcome) => {
    switch (outcome.kind) {
      case 'balance':
        return [
          ['expected', `${outcome.expected}`],
          ['in the database', `${outcome.actual}`],
          ['refused', `${outcome.refused}`],
          ...(outcome.waits
            ? [
                ['served', `${outcome.waits.served}`] as const,
                ['wait p50, ms', outcome.waits.waitP50Ms.toFixed(1)] as const,
                ['wait p99, ms', outcome.waits.waitP99Ms.toFixed(1)] as const,
                ['Redis commands', `${outcome.waits.redisCommands}`] as const,
                ['fairness', outcome.waits.fairness.toFixed(2)] as const,
              ]
            : []),
        ];
      case 'freshness':
        return [
          ['answers', `${outcome.answers}`],
          ['oldest, ms', outcome.oldestMs.toFixed(0)],
          ['allowed, ms', `${outcome.boundMs}`],
          ['database queries', `${outcome.databaseQueries}`],
        ];
      case 'load':
        return [['readers', `${outcome.readers}`]];
      case 'money':
        return [['order', outcome.order]];
      case 'ordering':
        return [
          ['buyers', `${outcome.buyers}`],
          ['sold', `${outcome.sold}`],
          ['settled a second', outcome.settledPerSecond.toFixed(0)],
        ];
    }
  },
  why: whyEn,
  race: {
    presets: 'Begin with',
    preset: {
      'transaction around the lock': 'Transaction around the lock',
      'release before the commit': 'Release before the commit',
      'one key a feature': 'One key a feature',
      'one key for all users': 'One key for all users',
      'no lock': 'No lock',
      'the right order': 'The right order',
    },
    changed: 'Your own order',
    key: (request) => `Key of ${request}`,
    keyRule: '1 to 40 letters (A to Z, a to z), digits, or the signs : _ -',
    steps: {
      lock: 'lock',
      begin: 'begin',
      read: 'read',
      write: 'write',
      commit: 'commit',
      release: 'release',
    },
    delay: (step, request) => `Pause before ${step} of ${request}, ms`,
    up: (step, request) => `${step} of ${request}: earlier`,
    down: (step, request) => `${step} of ${request}: later`,
    withLock: (request) => `${request} takes a lock`,
    add: 'Add a request',
    remove: (request) => `Remove ${request}`,
    waitedOpen: (request, ms) =>
      `${request} had its transaction open while it waited ${ms} ms for the lock: it held a database connection, and its snapshot grew old.`,
    releasedEarly: (request, ms) =>
      `${request} released its lock ${ms} ms before its commit: in between another request can read the old value.`,
    keysDiffer: (keys) =>
      `The requests change the same wallet under different keys (${keys}), so their locks do not exclude each other.`,
    keyIsShared: (key) =>
      `The key ${key} does not name the wallet, which is that of alice. So requests for other wallets wait for it too.`,
  },
  shop: shopEn,
  charts: chartsEn,
  panels: { experiments: 'Experiments', shop: 'Shop', cluster: 'Cluster' },
  timeline: 'Timeline',
  timelineLabel: (requests, steps) =>
    `Timeline of ${requests} requests with ${steps} steps. The list of steps below has the same content.`,
  legend: {
    waiting: 'waits for the lock',
    held: 'holds the lock',
    open: 'transaction open',
    committed: 'committed',
    refused: 'refused',
    lost: 'update lost here',
    answered: 'answered with the present value',
    stale: 'answered with a replaced value',
  },
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  fit: 'Fit',
  stepBy: 'Step through',
  first: 'First step',
  previous: 'Previous step',
  next: 'Next step',
  last: 'Last step',
  stepOf: (index, count) => `Step ${index} of ${count}`,
  steps: 'All steps as a table',
  hiddenSteps: (count) => `${count} later steps are not shown`,
  columns: ['ms', 'who', 'step'],
  downloadJson: 'Data (JSON)',
  downloadSvg: 'Picture (SVG)',
  compare: 'Compare with another run',
  compareHint: 'This run stays. The next one appears beside it, on the same time axis.',
  kept: 'Kept to compare',
  endCompare: 'End comparison',
  copyLink: 'Copy link to this run',
  copied: 'Copied',
  linkToRun: 'Link to this run',
  startedAt: 'Recorded',
  signIn: 'Sign in',
  signInHint:
    'Only administrators run experiments. The start of the instance prints a link that signs in once. Or paste a token of an administrator, which this command prints:',
  token: 'Token',
  tokenRule: 'A token has three parts with dots between them. Copy the whole line.',
  signOut: 'Sign out',
  linkFailed: 'The sign-in link did not work.',
  sessionEnded: 'The session has ended. Sign in again.',
  tryingAgain: 'The page tries again.',
  problems: problemsEn,
  language: 'Language',
  theme: 'Colours',
  themes: { auto: 'As the system', light: 'Light', dark: 'Dark' },
  runMissing:
    'This run does not exist here. Perhaps it failed, is too old, or belongs to another instance.',
  runNotRead: 'The run of this address cannot be read.',
  step: (step, detail) => (detail === undefined ? step : `${step} ${detail}`),
};

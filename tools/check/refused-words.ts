/** A word that the source does not use, and what to write in its place. */
export interface RefusedWord {
  readonly pattern: RegExp;
  readonly use: string;
  /** The folders in which it is refused; elsewhere the word is a usual one. */
  readonly only?: readonly string[];
}

/** Files and folders. Their texts and names are compared with the list below. */
export const COVERED: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'bench',
  'docker',
  'docs',
  'lab',
  'src',
  'test',
  'tools',
];

/** Files that name the words, or that quote old texts. */
export const NOT_COVERED: readonly string[] = [
  'tools/check/refused-words.ts',
  'test/project/boundaries/words.test.ts',
  'docs/decisions',
  'docs/report',
  'docs/benchmarks',
  // Built from lab/.
  'src/adapters/http/lab/page',
  // Goods of the category `books`.
  'src/application/catalogue/demo-catalogue.ts',
  // The old names of settings, which stop a start.
  'src/config/settings/settings.ts',
  'test/config/settings.test.ts',
];

/** Names of classes, functions, settings and files. Their case counts. */
export const REPLACED_NAMES: Readonly<Record<string, string>> = {
  Crowd: 'WaiterLimit',
  Alarms: 'TimeoutPool',
  Deadlines: 'TimeoutQueue',
  FailAtOnce: 'SimpleStrategy',
  FailAtOnceWaiting: 'SimpleStrategy',
  StandingKeys: 'LockTarget',
  standSoon: 'requeueSoon',
  standDown: 'leaveQueue',
  standDelayMs: 'requeueDelayMs',
  mostCallsABatch: 'maxBatchSize',
  LeaseKeeper: 'LockScripts',
  Lend: 'createLease',
  giveBack: 'release',
  onGap: 'onPossibleLoss',
  onHeard: 'onReply',
  SpanningLease: 'MultiSlotLease',
  'hand-on.lua': 'release-general.lua',
  'pass-on.lua': 'release-fast.lua',
  'keep.lua': 'token-ttl.lua',
  PassedCache: 'BypassCache',
  PassingLoads: 'BypassLoads',
  LruCache: 'InProcessCache',
  Nearer: 'L1Listener',
  holdOff: 'writeIntent, or a verb that says what is done',
  HoldOff: 'WriteIntent',
  'silence-watch': 'connection-watchdog',
  'wake-up': 'OutboxSignal',
  wakeUp: 'notify',
  'like-counting': 'count-likes',
  'payment-settling': 'settle-payments',
  'expiry-sweeping': 'sweep-expired',
  Duty: 'SweeperLease',
  dutyKey: 'sweeperLeaseKey',
  layDown: 'release',
  Surroundings: 'JobDefinition',
  'library-ports': 'lock-and-cache-adapters',
  'cache-levels': 'cache-stack',
  'chosen-cache': 'cache-stack',
  issuedIn: 'statementsOfTransaction',
  'issued-in': 'statements-of-transaction',
  barCount: 'passedCount',
  barTable: 'thresholdTable',
  ChosenCache: 'sharedCache',
  TellingOrders: 'EventRecordingOrders',
  TellingStocks: 'EventRecordingStocks',
  EventfulUnitOfWork: 'EventRecordingUnitOfWork',
  AnswerLog: 'IdempotencyRecords',
  OrderWish: 'PlaceOrderInput',
  settlersOf: 'groupId',
  PAYMENT_PATIENCE_MS: 'PAYMENT_ABANDON_AFTER_MS',
  EXPIRY_TERM_MS: 'SWEEPER_LEASE_MS',
  PATIENCE_MS: 'WAIT_TIMEOUT_MS',
  LockThatIsAlwaysFree: 'NoopLock',
  IN_TURN: 'PING_PONG',
  SHORTLY: 'BRIEF_RUN',
};

/** Prose, and parts of names in any case. */
const PROSE: readonly RefusedWord[] = [
  { pattern: /\bwho(?:so)?ever\b/i, use: 'name the actor: a caller, a waiter, an instance' },
  { pattern: /\banew\b/i, use: 'again' },
  { pattern: /\bfor good\b/i, use: 'permanently' },
  {
    pattern: /\btold\b|\bheard\b/i,
    use: 'say who sends what: gets, receives, reports, knows',
  },
  { pattern: /\btells\b/i, use: 'says, reports, shows' },
  {
    pattern: /\b(?:is|are|was|were|be|being|goes|stays) away\b|(?<!redis-is)-away\b|\bRedisAway\b/i,
    use: 'is down, cannot be reached',
  },
  { pattern: /\bthe truth\b|\bshared-truth\b/i, use: 'the database' },
  { pattern: /\bin step\b/i, use: 'in sync' },
  { pattern: /\bhold-off\b|\b(?:held|holds|hold) (?:it |the cache )?off\b/i, use: 'write intent' },
  { pattern: /patience|patiently/i, use: 'time limit, timeout, retryUntilReady' },
  { pattern: /\bhasten/i, use: 'runSoon, run now' },
  { pattern: /\bcrowd/i, use: 'waiters, WaiterLimit' },
  { pattern: /\bforfeit/i, use: 'lose; onLost' },
  { pattern: /\bprolong/i, use: 'extend' },
  {
    pattern: /\bg(?:ive|ives|ave|iven|iving) (?:it |them |the lock |keys )?back\b/i,
    use: 'release',
  },
  { pattern: /\bst(?:and|ands|ood) down\b/i, use: 'leave the queue' },
  { pattern: /\bbur(?:y|ies|ied)\b/i, use: 'deadLetter, move to the dead letters' },
  { pattern: /\bwish(?:es)?\b/i, use: 'input, request' },
  { pattern: /\bgenesis\b/i, use: 'epoch' },
  { pattern: /\breborn\b/i, use: 'in a new epoch' },
  { pattern: /\brepeatedly\(/, use: 'runPeriodically' },
  { pattern: /\bfor ever\b/i, use: 'permanently, without end' },
  { pattern: /\bin vain\b/i, use: 'without success' },
  { pattern: /\bgone on with\b/i, use: 'continued' },
  { pattern: /\b(?:has|have|had) become of\b/i, use: 'the status, the outcome' },
  { pattern: /\bin the midst\b/i, use: 'during, while' },
  { pattern: /\bat hand\b/i, use: 'available, stored' },
  {
    pattern: /\bbooks\b/i,
    use: 'ledger, ledger audit',
    only: [
      'src',
      'tools',
      'bench',
      'test/system/faults',
      'test/system/invariants',
      'test/system/load',
    ],
  },
  { pattern: /\bapparatus\b/i, use: 'support' },
  { pattern: /(?:\b|[a-z])Bars?\b/, use: 'Threshold', only: ['bench'] },
];

export const REFUSED_WORDS: readonly RefusedWord[] = [
  ...Object.entries(REPLACED_NAMES).map(([name, use]) => ({ pattern: wholeName(name), use })),
  ...PROSE,
];

/** A name counts alone, not as a part of another one. */
function wholeName(name: string): RegExp {
  return new RegExp(`(?<![\\w$])${name.replace('.', '\\.')}(?![\\w$])`);
}

import type { RaceStepName } from '../../../src/adapters/http/lab/race-order.js';
import type { Experiment, Outcome } from '../api.js';
import type { ChartTexts } from './chart-texts.js';
import type { ClusterTexts } from './cluster-texts.js';
import type { ProblemTexts } from './problem-texts.js';
import type { ShopTexts } from './shop-texts.js';
import type { WhyTexts } from './why-texts.js';

export type Need = Experiment['needs'][number];
export type Group = Experiment['group'];

export type LegendKey =
  | 'waiting'
  | 'held'
  | 'open'
  | 'committed'
  | 'refused'
  | 'lost'
  | 'answered'
  | 'stale';

/** What the page says about one experiment. */
export interface ExperimentText {
  readonly title: string;
  /** Two sentences on what to expect. */
  readonly expect: string;
}

/** The editor of a race, and what it shows besides lost updates. */
export interface RaceTexts {
  readonly presets: string;
  readonly preset: Readonly<Record<string, string>>;
  /** A race that is no preset. */
  readonly changed: string;
  readonly key: (request: string) => string;
  readonly keyRule: string;
  readonly steps: Readonly<Record<RaceStepName, string>>;
  readonly delay: (step: string, request: string) => string;
  readonly up: (step: string, request: string) => string;
  readonly down: (step: string, request: string) => string;
  readonly withLock: (request: string) => string;
  readonly add: string;
  readonly remove: (request: string) => string;
  readonly waitedOpen: (request: string, ms: string) => string;
  readonly releasedEarly: (request: string, ms: string) => string;
  readonly keysDiffer: (keys: string) => string;
  readonly keyIsShared: (key: string) => string;
}

/** Everything that the page says, in one language. */
export interface Texts {
  readonly name: string;
  readonly title: string;
  readonly subtitle: string;
  readonly experiments: Readonly<Record<string, ExperimentText>>;
  readonly groups: Readonly<Record<Group, string>>;
  readonly cluster: ClusterTexts;
  readonly list: string;
  readonly skip: string;
  readonly settings: string;
  readonly requests: string;
  readonly holdMs: string;
  readonly holdHint: string;
  readonly strategy: string;
  /** What a field accepts. */
  readonly wholeNumber: (min: number, max: number) => string;
  readonly run: string;
  readonly running: string;
  readonly queued: (ahead: number) => string;
  readonly liveSteps: (count: number) => string;
  readonly failed: string;
  readonly runWithoutResult: string;
  /** A run that has ended while the reader had something else open. */
  readonly ended: (experiment: string) => string;
  readonly showResult: string;
  readonly loading: string;
  readonly place: Readonly<Record<'embedded' | 'servers', string>>;
  readonly unavailable: string;
  readonly needs: Readonly<Record<Need, string>>;
  readonly fromTerminal: string;
  /** The name of a variant, which the server sends in English. */
  readonly variant: (name: string) => string;
  readonly headline: (outcome: Outcome) => string;
  readonly figures: (outcome: Outcome) => readonly (readonly [label: string, value: string])[];
  readonly why: WhyTexts;
  readonly race: RaceTexts;
  readonly shop: ShopTexts;
  readonly charts: ChartTexts;
  readonly panels: Readonly<Record<'experiments' | 'shop' | 'cluster', string>>;
  readonly timeline: string;
  readonly timelineLabel: (requests: number, steps: number) => string;
  readonly legend: Readonly<Record<LegendKey, string>>;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly fit: string;
  readonly stepBy: string;
  readonly first: string;
  readonly previous: string;
  readonly next: string;
  readonly last: string;
  readonly stepOf: (index: number, count: number) => string;
  readonly steps: string;
  readonly hiddenSteps: (count: number) => string;
  readonly columns: readonly [time: string, request: string, step: string];
  readonly downloadJson: string;
  readonly downloadSvg: string;
  readonly compare: string;
  readonly compareHint: string;
  readonly kept: string;
  readonly endCompare: string;
  readonly copyLink: string;
  readonly copied: string;
  readonly linkToRun: string;
  readonly startedAt: string;
  readonly signIn: string;
  readonly signInHint: string;
  readonly token: string;
  readonly tokenRule: string;
  readonly signOut: string;
  readonly linkFailed: string;
  readonly sessionEnded: string;
  readonly tryingAgain: string;
  readonly problems: ProblemTexts;
  readonly language: string;
  readonly theme: string;
  readonly themes: Readonly<Record<'auto' | 'light' | 'dark', string>>;
  readonly runMissing: string;
  readonly runNotRead: string;
  /** A step in words, as in "read 100". */
  readonly step: (step: string, detail: string | number | undefined) => string;
}

import type { RunStep } from '../api.js';

export type SpanKind = 'waiting' | 'held' | 'open' | 'paused';
export type MarkKind =
  | 'read'
  | 'written'
  | 'committed'
  | 'refused'
  | 'answered'
  | 'stale'
  | 'other';

/** A time in which a request waited, held its lock, or had a transaction open. */
export interface Span {
  readonly kind: SpanKind;
  readonly fromMs: number;
  readonly toMs: number;
}

/** One step at its time; `index` is its place in the timeline. */
export interface Mark {
  readonly kind: MarkKind;
  readonly index: number;
  readonly step: RunStep;
}

/** What one request did. */
export interface Lane {
  readonly request: string;
  readonly spans: readonly Span[];
  readonly marks: readonly Mark[];
}

/** The steps that begin and end each kind of span. */
const EDGES: Readonly<
  Record<SpanKind, readonly [begin: readonly string[], end: readonly string[]]>
> = {
  waiting: [['waiting'], ['acquired', 'fell back', 'no lock', 'refused']],
  held: [['acquired'], ['released', 'lease lost', 'refused']],
  open: [['begun'], ['committed', 'rolled back', 'refused']],
  paused: [
    ['paused', 'stopped'],
    ['resumed', 'started', 'killed'],
  ],
};

const MARKS: Readonly<Record<string, MarkKind>> = {
  read: 'read',
  loaded: 'read',
  written: 'written',
  committed: 'committed',
  refused: 'refused',
  'rolled back': 'refused',
  'fill refused': 'refused',
  killed: 'refused',
  'lease lost': 'refused',
};

/** Steps that only begin or end a span: the span shows them. */
const WITHOUT_MARK = new Set(['waiting', 'acquired', 'released', 'begun']);

/** One lane a request, in the order of their names. */
export function lanesOf(timeline: readonly RunStep[]): readonly Lane[] {
  const endMs = timeline.at(-1)?.atMs ?? 0;
  const marks = timeline.map((step, index) => ({
    kind: kindOf(step),
    index,
    step,
  }));
  const byRequest = Map.groupBy(marks, ({ step }) => step.request);
  return [...byRequest]
    .map(([request, own]) => ({
      request,
      spans: spansOf(
        own.map(({ step }) => step),
        endMs,
      ),
      marks: own.filter(({ step }) => !WITHOUT_MARK.has(step.step)),
    }))
    .toSorted((a, b) => a.request.localeCompare(b.request, 'en', { numeric: true }));
}

/** The age of a stale answer, which its detail says; undefined for every other step. */
export function staleMs({ step, detail }: RunStep): number | undefined {
  if (step !== 'answered') return undefined;
  const age = /, replaced (\d+) ms ago$/.exec(String(detail))?.[1];
  return age === undefined ? undefined : Number(age);
}

function kindOf(step: RunStep): MarkKind {
  if (step.step === 'answered') return staleMs(step) === undefined ? 'answered' : 'stale';
  return MARKS[step.step] ?? 'other';
}

function spansOf(steps: readonly RunStep[], endMs: number): Span[] {
  return (Object.keys(EDGES) as SpanKind[]).flatMap((kind) => {
    const [begin, end] = EDGES[kind];
    const spans: Span[] = [];
    let fromMs: number | undefined;
    for (const { step, atMs } of steps) {
      if (fromMs !== undefined && end.includes(step)) {
        spans.push({ kind, fromMs, toMs: atMs });
        fromMs = undefined;
      } else if (begin.includes(step)) fromMs = atMs;
    }
    return fromMs === undefined ? spans : [...spans, { kind, fromMs, toMs: endMs }];
  });
}

import type { LostUpdate, RunStep } from '../api.js';
import type { Texts } from '../texts/texts.js';
import { type Lane, lanesOf, type Mark, type MarkKind, type Span } from './lanes.js';
import { ticks } from './ticks.js';

const LANE = 62;
const AXIS = 26;
const PAD = 16;
/** Approximate width of one letter of a label, in pixels. */
const LETTER = 6.6;

interface ChartProps {
  readonly texts: Texts;
  readonly timeline: readonly RunStep[];
  readonly lostUpdates: readonly LostUpdate[];
  /** Length of the time axis, which several charts share. */
  readonly totalMs: number;
  readonly widthPx: number;
  /** Space for the names of the requests at the left; 0 where the page shows them itself. */
  readonly gutterPx?: number;
  /** Index of the step that is shown. */
  readonly current?: number | undefined;
  readonly onSelect?: (index: number) => void;
}

const chartHeight = (lanes: number) => AXIS + lanes * LANE + PAD;
export const LANE_TOP = AXIS;
export const LANE_HEIGHT = LANE;

/** The timeline: lock above, transaction below, steps as marks. */
export function Chart(props: ChartProps) {
  const { texts, timeline, lostUpdates, totalMs, widthPx, gutterPx = 0, current, onSelect } = props;
  const lanes = lanesOf(timeline);
  const height = chartHeight(lanes.length);
  const scale = (widthPx - gutterPx - 2 * PAD) / Math.max(totalMs, 0.1);
  const x = (ms: number) => gutterPx + PAD + ms * scale;
  const topOf = (request: string) =>
    AXIS + LANE * lanes.findIndex((lane) => lane.request === request);
  const at = current === undefined ? undefined : timeline[current];
  return (
    <svg
      class="chart"
      role="img"
      aria-label={texts.timelineLabel(lanes.length, timeline.length)}
      width={widthPx}
      height={height}
      viewBox={`0 0 ${widthPx} ${height}`}
    >
      <defs>
        <pattern
          id="hatch"
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect class="hatch-ground" width="6" height="6" />
          <rect class="hatch-line" width="2.4" height="6" />
        </pattern>
      </defs>
      {ticks(totalMs, widthPx - gutterPx).map((ms) => (
        <g key={ms}>
          <line class="grid" x1={x(ms)} x2={x(ms)} y1={AXIS - 6} y2={height} />
          <text class="tick" x={x(ms)} y={14} text-anchor="middle">
            {Number(ms.toFixed(2))}
          </text>
        </g>
      ))}
      {gutterPx > 0 && (
        <text class="tick" x={gutterPx - PAD} y={14} text-anchor="end">
          ms
        </text>
      )}
      {at && <line class="cursor" x1={x(at.atMs)} x2={x(at.atMs)} y1={AXIS - 6} y2={height} />}
      {lanes.map((lane, i) => (
        <LaneView
          key={lane.request}
          {...{ lane, texts, x, gutterPx, widthPx, top: AXIS + i * LANE }}
          current={at?.request === lane.request ? current : undefined}
          onSelect={onSelect}
        />
      ))}
      {lostUpdates.map((lost, i) => (
        <Loss key={lost.overwrittenAtMs} {...{ lost, x, topOf, number: i + 1 }} />
      ))}
    </svg>
  );
}

interface LaneProps {
  readonly lane: Lane;
  readonly texts: Texts;
  readonly x: (ms: number) => number;
  readonly top: number;
  readonly gutterPx: number;
  readonly widthPx: number;
  readonly current: number | undefined;
  readonly onSelect: ((index: number) => void) | undefined;
}

function LaneView({ lane, texts, x, top, gutterPx, widthPx, current, onSelect }: LaneProps) {
  return (
    <g>
      <line class="lane-edge" x1={0} x2={widthPx} y1={top + LANE} y2={top + LANE} />
      {gutterPx > 0 && (
        <text class="lane-name" x={PAD} y={top + 28}>
          {lane.request}
        </text>
      )}
      {lane.spans.map((span) => (
        <SpanView key={`${span.kind}${span.fromMs}`} {...{ span, x, top }} />
      ))}
      {lane.marks.map((mark) => (
        <MarkView
          key={mark.index}
          {...{ mark, x, top, onSelect }}
          isCurrent={mark.index === current}
        />
      ))}
      {labelsOf(lane, texts, x, widthPx).map(({ mark, text, atPx, anchor }) => (
        <text
          key={mark.index}
          class={`label label-${mark.kind}`}
          x={atPx}
          y={top + 54}
          text-anchor={anchor}
        >
          {text}
        </text>
      ))}
    </g>
  );
}

function SpanView({ span, x, top }: { span: Span; x: (ms: number) => number; top: number }) {
  const isLock = span.kind === 'waiting' || span.kind === 'held';
  const width = Math.max(x(span.toMs) - x(span.fromMs), 1.5);
  return (
    <rect
      class={`span span-${span.kind}`}
      x={x(span.fromMs)}
      y={top + (isLock ? 8 : 25)}
      width={width}
      height={isLock ? 13 : 15}
      rx={3}
    />
  );
}

interface MarkProps {
  readonly mark: Mark;
  readonly x: (ms: number) => number;
  readonly top: number;
  readonly isCurrent: boolean;
  readonly onSelect: ((index: number) => void) | undefined;
}

/** Each kind has its own shape, for readers who cannot tell the colours apart. */
function MarkView({ mark, x, top, isCurrent, onSelect }: MarkProps) {
  const [cx, cy] = [x(mark.step.atMs), top + 32.5];
  const shape = {
    read: <circle cx={cx} cy={cy} r={5} />,
    written: <rect x={cx - 4.5} y={cy - 4.5} width={9} height={9} />,
    committed: <path d={`M${cx - 7} ${cy}l5 5.5 9-11`} />,
    refused: <path d={`M${cx - 5} ${cy - 5}l10 10m0-10l-10 10`} />,
    answered: <path d={`M${cx - 6} ${cy}l6-6 6 6-6 6z`} />,
    stale: <path d={`M${cx - 7} ${cy}l7-7 7 7-7 7z`} />,
    other: <circle cx={cx} cy={cy} r={3.5} />,
  }[mark.kind];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the step buttons do the same by keyboard
    <g
      class={`mark mark-${mark.kind}${isCurrent ? ' mark-current' : ''}`}
      onClick={onSelect && (() => onSelect(mark.index))}
    >
      {isCurrent && <circle class="mark-ring" cx={cx} cy={cy} r={11} />}
      {shape}
    </g>
  );
}

interface Label {
  readonly mark: Mark;
  readonly text: string;
  readonly atPx: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

/** Leaves out labels that would cover another one. Zooming in shows them. */
function labelsOf(lane: Lane, texts: Texts, x: (ms: number) => number, widthPx: number): Label[] {
  const ranks: readonly MarkKind[] = [
    'stale',
    'read',
    'written',
    'refused',
    'answered',
    'committed',
    'other',
  ];
  const byRank = lane.marks.toSorted((a, b) => ranks.indexOf(a.kind) - ranks.indexOf(b.kind));
  const taken: [number, number][] = [];
  return byRank.flatMap((mark) => {
    const { step, detail, atMs } = mark.step;
    const isLong = typeof detail === 'string' && detail.length > 32;
    const text = texts.step(step, isLong ? undefined : detail);
    const width = [...text].reduce((sum, letter) => sum + (letter > '\u1100' ? 2 : 1), 0) * LETTER;
    const left = Math.min(Math.max(x(atMs) - width / 2, 2), widthPx - width - 2);
    if (taken.some(([from, to]) => left < to + 6 && left + width + 6 > from)) return [];
    taken.push([left, left + width]);
    return [{ mark, text, atPx: left + width / 2, anchor: 'middle' as const }];
  });
}

interface LossProps {
  readonly lost: LostUpdate;
  readonly number: number;
  readonly x: (ms: number) => number;
  readonly topOf: (request: string) => number;
}

/** From the commit that was lost to the commit that replaced it. */
function Loss({ lost, number, x, topOf }: LossProps) {
  const from = { x: x(lost.lostCommitAtMs), y: topOf(lost.lost) + 32.5 };
  const to = { x: x(lost.overwrittenAtMs), y: topOf(lost.by) + 32.5 };
  const middle = (from.x + to.x) / 2;
  return (
    <g class="loss">
      <path d={`M${from.x} ${from.y}C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`} />
      <circle cx={from.x} cy={from.y} r={9} class="loss-strike" />
      <circle cx={to.x} cy={to.y - 20} r={9} class="loss-badge" />
      <text x={to.x} y={to.y - 16} text-anchor="middle">
        {number}
      </text>
    </g>
  );
}

import type { ClusterTexts } from '../texts/cluster-texts.js';
import type { ShownInstance } from './cluster-api.js';

/** How many answers the strip shows. */
export const STRIP_LENGTH = 80;
/** Heights in units of the picture: of the ages, of the bound inside the ages, and of the cache levels below. */
const AGES = 28;
const BOUND = 22;
const BAND = 4;

interface StripProps {
  readonly texts: ClusterTexts;
  readonly history: readonly ShownInstance[];
  readonly boundMs: number;
}

/** The latest answers: a band for the cache level, and above it the age. */
export function AgeStrip({ texts, history, boundMs }: StripProps) {
  const worstMs = Math.max(0, ...history.map(({ answer }) => answer?.staleMs ?? 0));
  const first = STRIP_LENGTH - history.length;
  return (
    <svg
      class="ages"
      role="img"
      aria-label={texts.history(Math.ceil(worstMs), boundMs)}
      viewBox={`0 0 ${STRIP_LENGTH} ${AGES + BAND}`}
      preserveAspectRatio="none"
    >
      {history.map(({ answer, silentMs }, index) => {
        if (!answer || silentMs > 0) return undefined;
        const x = first + index;
        const age = Math.min(AGES, (answer.staleMs / boundMs) * BOUND);
        return (
          <g key={x}>
            <rect class={`level-${answer.source}`} x={x} y={AGES} width={0.9} height={BAND} />
            {age > 0 && <rect class="old" x={x} y={AGES - age} width={0.9} height={age} />}
          </g>
        );
      })}
      <line class="bound" x1={0} x2={STRIP_LENGTH} y1={AGES - BOUND} y2={AGES - BOUND} />
    </svg>
  );
}

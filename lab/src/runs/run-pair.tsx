import type { Run } from '../api.js';
import type { Texts } from '../texts/texts.js';
import { lengthMs, RunView } from './run-view.js';

interface PairProps {
  readonly texts: Texts;
  readonly run: Run;
  /** The run that was kept to compare others with it. */
  readonly kept: Run | undefined;
  readonly onKeep: (run: Run | undefined) => void;
}

/** A run, and beside it the one that was kept, on one time axis. */
export function RunPair({ texts, run, kept, onKeep }: PairProps) {
  const isKept = kept?.id === run.id;
  const other = isKept ? undefined : kept;
  const totalMs = Math.max(lengthMs(run), other ? lengthMs(other) : 0);
  const title = (one: Run) => texts.experiments[one.experiment]?.title ?? one.experiment;
  return (
    <div class={`pair${other ? ' both' : ''}`}>
      <RunView
        key={run.id}
        {...{ texts, run, totalMs }}
        title={title(run)}
        {...(other && { heading: title(run) })}
      >
        {isKept && <p role="status">{texts.compareHint}</p>}
        <button type="button" onClick={() => onKeep(isKept ? undefined : run)}>
          {isKept ? texts.endCompare : texts.compare}
        </button>
      </RunView>
      {other && (
        <RunView
          key={other.id}
          {...{ texts, totalMs }}
          run={other}
          title={title(other)}
          heading={`${texts.kept}: ${title(other)}`}
        >
          <button type="button" onClick={() => onKeep(undefined)}>
            {texts.endCompare}
          </button>
        </RunView>
      )}
    </div>
  );
}

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Run, Settings } from '../api.js';
import { addressOf } from '../view/address.js';
import { useRuns } from './use-runs.js';

/** What the reader looks at. */
interface Look {
  /** Whether the experiments are open, and not another panel. */
  readonly isOpen: boolean;
  /** The experiment. */
  readonly chosen: string;
  readonly run: Run | undefined;
  readonly kept: Run | undefined;
  readonly setRun: (run: Run) => void;
}

/**
 * The runs under way, and what has ended since the page was loaded. A run that ends is shown, unless the reader has
 * opened something else meanwhile; then it is in `ended` until the reader opens it.
 */
export function useShownRuns(look: Look) {
  const [results, setResults] = useState<Readonly<Record<string, Run>>>({});
  const [ended, setEnded] = useState<readonly Run[]>([]);
  const { isOpen, run } = look;
  const latest = useRef(look);
  latest.current = look;
  /** The id of the run that was shown when the next one of its experiment began. */
  const replaced = useRef<Record<string, string | undefined>>({});

  const isChosen = (experiment: string) => {
    const { chosen, run: shown } = latest.current;
    return chosen === experiment && (!shown || shown.id === replaced.current[experiment]);
  };
  /** Names the run in the address, so that a page that is loaded again finds it. Returns whether it did. */
  const nameIfSeen = (experiment: string, id: string) => {
    const isSeen = latest.current.isOpen && isChosen(experiment);
    if (isSeen) history.replaceState(null, '', addressOf({ id }, latest.current.kept));
    return isSeen;
  };
  const { live, start, follow } = useRuns({
    onNamed: nameIfSeen,
    onFinished: (finished) => {
      const { experiment, id } = finished;
      setResults((known) => ({ ...known, [experiment]: finished }));
      if (!nameIfSeen(experiment, id)) setEnded((known) => [...known, finished]);
      if (isChosen(experiment)) latest.current.setRun(finished);
    },
  });
  const begin = (experiment: string, settings: Settings) => {
    replaced.current[experiment] = run?.id;
    void start(experiment, settings);
  };

  // Before the paint, so that the page never shows a result and a link to it.
  useLayoutEffect(() => {
    if (isOpen && run) setEnded((known) => known.filter(({ id }) => id !== run.id));
  }, [isOpen, run]);

  return { live, results, ended, begin, follow };
}

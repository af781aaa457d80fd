import { useEffect, useRef, useState } from 'preact/hooks';
import { type Experiment, type Run, type RunEvent, type Settings, startRun } from '../api.js';
import { PRESETS } from '../race/presets.js';
import { problemText } from '../texts/problem-texts.js';
import type { Texts } from '../texts/texts.js';
import { titleOf } from './experiment-list.js';
import { type Progress, ProgressView } from './progress-view.js';
import { RunPair } from './run-pair.js';
import { SettingsForm } from './settings-form.js';
import { Unavailable } from './unavailable.js';

interface ViewProps {
  readonly texts: Texts;
  readonly experiment: Experiment;
  /** The run that is shown; it may be from an earlier day. */
  readonly run: Run | undefined;
  readonly kept: Run | undefined;
  readonly onFinished: (run: Run) => void;
  readonly onKeep: (run: Run | undefined) => void;
}

/** The settings of the run that is shown, so that the reader can change one of them. Without a run: the defaults. */
function initialSettings({ settings }: Experiment, run: Run | undefined): Settings {
  if (!settings.race) return { ...settings, ...run?.settings };
  return { race: run?.settings.race ?? [...(Object.values(PRESETS)[0] ?? [])] };
}

type LiveEvent = Extract<RunEvent, { name: 'queued' | 'started' | 'steps' }>;

function after({ ahead, steps }: Progress, event: LiveEvent): Progress {
  if (event.name === 'steps') return { ahead, steps: [...steps, ...event.data] };
  return { ahead: event.name === 'queued' ? event.data.ahead : 0, steps };
}

export function ExperimentView({ texts, experiment, run, kept, onFinished, onKeep }: ViewProps) {
  const [settings, setSettings] = useState<Settings>(() => initialSettings(experiment, run));
  const [progress, setProgress] = useState<Progress | undefined>();
  /** The failure of the last run. */
  const [failure, setFailure] = useState<unknown>();
  const leaving = useRef(new AbortController());

  // A run that finishes later must not change what the reader has opened meanwhile.
  useEffect(() => () => leaving.current.abort(), []);

  const start = async () => {
    const { signal } = leaving.current;
    setFailure(undefined);
    let seen: Progress = { ahead: 0, steps: [] };
    setProgress(seen);
    try {
      for await (const event of startRun(experiment.id, settings, signal)) {
        if (event.name === 'failed') setFailure(new Error(event.data.reason));
        else if (event.name === 'finished') onFinished(event.data);
        else seen = after(seen, event);
        setProgress(seen);
      }
    } catch (error) {
      if (!signal.aborted) setFailure(error);
    } finally {
      setProgress(undefined);
    }
  };

  return (
    <article data-experiment={experiment.id}>
      <h2>{titleOf(experiment, texts)}</h2>
      <p class="expect">{texts.experiments[experiment.id]?.expect ?? experiment.question}</p>
      {experiment.place ? (
        <form
          class="settings"
          aria-label={texts.settings}
          onSubmit={(event) => {
            event.preventDefault();
            if (!progress) void start();
          }}
        >
          <SettingsForm {...{ texts, settings }} onChange={setSettings} />
          {/* A disabled button would lose the focus of the keyboard. */}
          <button type="submit" class="primary" aria-disabled={progress !== undefined}>
            {progress ? texts.running : texts.run}
          </button>
          <p class="place">{texts.place[experiment.place]}</p>
        </form>
      ) : (
        <Unavailable {...{ texts, experiment }} />
      )}
      <ProgressView {...{ texts, progress, run }} />
      {failure !== undefined && (
        <p class="problem" role="alert">
          {texts.failed}: {problemText(failure, texts.problems)}
        </p>
      )}
      {run && !progress && <RunPair {...{ texts, run, kept, onKeep }} />}
    </article>
  );
}

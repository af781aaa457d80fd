import { useState } from 'preact/hooks';
import {
  type ApiError,
  type Experiment,
  type Run,
  type RunEvent,
  type RunStep,
  type Settings,
  startRun,
} from '../api.js';
import { PRESETS } from '../race/presets.js';
import type { Texts } from '../texts/texts.js';
import { titleOf } from './experiment-list.js';
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

/** A run that has not finished. */
interface Progress {
  readonly ahead: number;
  readonly steps: readonly RunStep[];
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
  const [failure, setFailure] = useState<string | undefined>();

  const start = async () => {
    setFailure(undefined);
    let seen: Progress = { ahead: 0, steps: [] };
    setProgress(seen);
    try {
      for await (const event of startRun(experiment.id, settings)) {
        if (event.name === 'failed') setFailure(event.data.reason);
        else if (event.name === 'finished') onFinished(event.data);
        else seen = after(seen, event);
        setProgress(seen);
      }
    } catch (error) {
      setFailure((error as ApiError).message);
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
            void start();
          }}
        >
          <SettingsForm {...{ texts, settings }} onChange={setSettings} />
          <button type="submit" class="primary" disabled={progress !== undefined}>
            {progress ? texts.running : texts.run}
          </button>
          <p class="place">{texts.place[experiment.place]}</p>
        </form>
      ) : (
        <Unavailable {...{ texts, experiment }} />
      )}
      <div class="progress" role="status">
        {progress && <ProgressView texts={texts} {...progress} />}
      </div>
      {failure && (
        <p class="problem" role="alert">
          {texts.failed}: {failure}
        </p>
      )}
      {run && !progress && <RunPair {...{ texts, run, kept, onKeep }} />}
    </article>
  );
}

function ProgressView({ texts, ahead, steps }: Progress & { readonly texts: Texts }) {
  if (ahead > 0) return <p>{texts.queued(ahead)}</p>;
  const last = steps.at(-1);
  return (
    <p>
      <strong>{texts.liveSteps(steps.length)}</strong>
      {last && ` · ${last.request} ${texts.step(last.step, last.detail)}`}
    </p>
  );
}

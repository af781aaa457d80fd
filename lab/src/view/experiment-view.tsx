import type { Experiment, Run, Settings } from '../api.js';
import { PRESETS } from '../race/presets.js';
import { ProgressView } from '../runs/progress-view.js';
import { RunPair } from '../runs/run-pair.js';
import { type Progress, RunWithoutResult } from '../runs/use-runs.js';
import { problemText } from '../texts/problem-texts.js';
import type { Texts } from '../texts/texts.js';
import { titleOf } from './experiment-list.js';
import { SettingsForm } from './settings-form.js';
import { Unavailable } from './unavailable.js';

interface ViewProps {
  readonly texts: Texts;
  readonly experiment: Experiment;
  readonly settings: Settings;
  readonly onSettings: (settings: Settings) => void;
  /** The run under way, and the failure of the last one. */
  readonly progress?: Progress;
  readonly failure?: unknown;
  readonly onRun: (settings: Settings) => void;
  /** The run that is shown; it may be from an earlier day. */
  readonly run: Run | undefined;
  readonly kept: Run | undefined;
  readonly onKeep: (run: Run | undefined) => void;
}

/** The settings of a run, so that the reader can change one of them. Without a run: the defaults. */
export function initialSettings({ settings }: Experiment, of: Settings | undefined): Settings {
  if (!settings.race) return { ...settings, ...of };
  return { race: of?.race ?? [...(Object.values(PRESETS)[0] ?? [])] };
}

export function ExperimentView(props: ViewProps) {
  const { texts, experiment, settings, onSettings, progress, failure, onRun } = props;
  const { run, kept, onKeep } = props;
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
            if (!progress) onRun(settings);
          }}
        >
          <SettingsForm {...{ texts, settings }} onChange={onSettings} />
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
          {texts.failed}:{' '}
          {failure instanceof RunWithoutResult
            ? texts.runWithoutResult
            : problemText(failure, texts.problems)}
        </p>
      )}
      {run && !progress && <RunPair {...{ texts, run, kept, onKeep }} />}
    </article>
  );
}

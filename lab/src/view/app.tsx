import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import {
  ApiError,
  type Experiment,
  findRun,
  listExperiments,
  type Run,
  SIGNED_OUT,
  signInByCode,
} from '../api.js';
import { ClusterView } from '../cluster/cluster-view.js';
import {
  applyLanguage,
  applyTheme,
  initialLanguage,
  initialTheme,
  keepLanguage,
  keepTheme,
  LANGUAGES,
  type Language,
  type Theme,
} from '../preferences.js';
import { ShopView } from '../shop/shop-view.js';
import { problemText } from '../texts/problem-texts.js';
import { addressed, addressOf } from './address.js';
import { ExperimentList } from './experiment-list.js';
import { ExperimentView } from './experiment-view.js';
import { Header, panelOf } from './header.js';
import { SignIn } from './sign-in.js';

/** Pause before the page asks an instance again that did not answer, in milliseconds. */
const RETRY_MS = 2_000;

/** What the page shows: nothing yet, the sign-in form, or the experiments. */
type Shown =
  | { readonly at: 'start'; readonly problem?: string }
  | { readonly at: 'sign-in'; readonly problem?: string }
  | { readonly at: 'lab'; readonly experiments: readonly Experiment[] };

export function App() {
  const [language, setLanguage] = useState(initialLanguage);
  const [theme, setTheme] = useState(initialTheme);
  const [shown, setShown] = useState<Shown>({ at: 'start' });
  const [chosen, setChosen] = useState('');
  const [run, setRun] = useState<Run | undefined>();
  const [kept, setKept] = useState<Run | undefined>();
  /** Counts the changes of the address. */
  const [visits, setVisits] = useState(0);
  /** Counts what was opened by its address, so that its settings are shown too. */
  const [opened, setOpened] = useState(0);
  const [problem, setProblem] = useState<string | undefined>();
  const texts = LANGUAGES[language];
  const panel = panelOf(location.hash);

  useEffect(() => applyLanguage(language), [language]);
  // Before the first paint.
  useLayoutEffect(() => applyTheme(theme), [theme]);

  /** Shows the experiments, or the sign-in form with the problem of a link. */
  const load = async (linkProblem?: string) => {
    try {
      const experiments = await listExperiments();
      setShown({ at: 'lab', experiments });
    } catch (error) {
      const problem = problemText(error, texts.problems);
      const status = error instanceof ApiError ? error.status : undefined;
      if (status === 401) setShown({ at: 'sign-in', ...(linkProblem && { problem: linkProblem }) });
      else if (status === 403) setShown({ at: 'sign-in', problem });
      else {
        setShown({ at: 'start', problem });
        setTimeout(() => load(linkProblem), RETRY_MS);
      }
    }
  };

  /** Shows the run or the experiment that the address names, unless the address has changed meanwhile. */
  const follow = async (experiments: readonly Experiment[], isPresent: () => boolean) => {
    const address = addressed();
    const [runId, otherId] = [address.get('run'), address.get('with')];
    const [found, other] = await Promise.all([runId, otherId].map(runOf));
    if (!isPresent()) return;
    setProblem(runId && !found ? texts.runMissing : undefined);
    setRun(found);
    if (otherId) setKept(other);
    const wanted = found?.experiment ?? address.get('experiment');
    const known = experiments.find(({ id }) => id === wanted) ?? experiments[0];
    setChosen(known?.id ?? '');
    setOpened((count) => count + 1);
  };

  /** Writes into the address what is shown. */
  const nameShown = () =>
    history.replaceState(null, '', run ? addressOf(run, kept) : `#experiment=${chosen}`);

  useEffect(() => {
    const code = addressed().get('code');
    if (!code) {
      void load();
      return;
    }
    // The code signs in only once, so it is taken out of the address.
    history.replaceState(null, '', '/lab');
    signInByCode(code).then(
      () => load(),
      // The link was used before; then the browser usually has its session still.
      (error: unknown) => load(`${texts.linkFailed} ${problemText(error, texts.problems)}`),
    );
  }, []);

  useLayoutEffect(() => {
    const onChange = () => setVisits((count) => count + 1);
    addEventListener('hashchange', onChange);
    return () => removeEventListener('hashchange', onChange);
  }, []);

  useEffect(() => {
    if (shown.at !== 'lab') return;
    let isPresent = true;
    // The reader comes back from another panel.
    if (chosen && location.hash === '#/experiments') nameShown();
    else if (panel === 'experiments') void follow(shown.experiments, () => isPresent);
    const onSignedOut = () => setShown({ at: 'sign-in', problem: texts.sessionEnded });
    addEventListener(SIGNED_OUT, onSignedOut);
    return () => {
      isPresent = false;
      removeEventListener(SIGNED_OUT, onSignedOut);
    };
  }, [shown, visits]);

  const chooseLanguage = (wanted: Language) => {
    setLanguage(wanted);
    keepLanguage(wanted);
  };
  const chooseTheme = (wanted: Theme) => {
    setTheme(wanted);
    keepTheme(wanted);
  };
  const choose = (id: string) => {
    setChosen(id);
    setRun(undefined);
    setProblem(undefined);
    history.pushState(null, '', `#experiment=${id}`);
  };
  const finish = (finished: Run) => {
    setRun(finished);
    history.replaceState(null, '', addressOf(finished, kept));
  };
  const keep = (wanted: Run | undefined) => {
    setKept(wanted);
    if (run) history.replaceState(null, '', addressOf(run, wanted));
  };
  const experiment =
    shown.at === 'lab' ? shown.experiments.find(({ id }) => id === chosen) : undefined;

  return (
    <>
      {experiment && (
        <button
          type="button"
          class="skip"
          onClick={() => document.querySelector<HTMLElement>('main')?.focus()}
        >
          {texts.skip}
        </button>
      )}
      <Header
        {...{ texts, language, theme }}
        setLanguage={chooseLanguage}
        setTheme={chooseTheme}
        onSignedOut={shown.at === 'lab' ? () => setShown({ at: 'sign-in' }) : undefined}
      />
      {shown.at === 'start' && shown.problem && (
        <main class="sign-in">
          <p class="problem" role="alert">
            {shown.problem} {texts.tryingAgain}
          </p>
        </main>
      )}
      {shown.at === 'sign-in' && (
        <SignIn texts={texts} problem={shown.problem} onDone={() => load()} />
      )}
      {shown.at === 'lab' && panel === 'shop' && <ShopView texts={texts} />}
      {shown.at === 'lab' && panel === 'cluster' && (
        <ClusterView texts={texts.cluster} problems={texts.problems} language={language} />
      )}
      {shown.at === 'lab' && panel === 'experiments' && (
        <div class="columns">
          <ExperimentList
            {...{ texts, chosen }}
            experiments={shown.experiments}
            onChoose={choose}
          />
          <main tabIndex={-1}>
            {problem && (
              <p class="problem" role="alert">
                {problem}
              </p>
            )}
            {experiment && (
              <ExperimentView
                key={`${experiment.id} ${opened}`}
                {...{ texts, experiment, run, kept }}
                onFinished={finish}
                onKeep={keep}
              />
            )}
          </main>
        </div>
      )}
    </>
  );
}

/** Undefined if the run does not exist any more. */
function runOf(id: string | null): Promise<Run | undefined> {
  return id ? findRun(id).catch(() => undefined) : Promise.resolve(undefined);
}

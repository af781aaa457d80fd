import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import {
  ApiError,
  type Experiment,
  findRun,
  listExperiments,
  type Run,
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
import { ExperimentList } from './experiment-list.js';
import { ExperimentView } from './experiment-view.js';
import { Header, panelOf } from './header.js';
import { SignIn } from './sign-in.js';

/** What the page shows: nothing yet, the sign-in form, or the experiments. */
type Shown =
  | { readonly at: 'start' }
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
  const [problem, setProblem] = useState<string | undefined>();
  const texts = LANGUAGES[language];
  const panel = panelOf(location.hash);

  useEffect(() => applyLanguage(language), [language]);
  // Before the first paint.
  useLayoutEffect(() => applyTheme(theme), [theme]);

  const load = async () => {
    try {
      const experiments = await listExperiments();
      setShown({ at: 'lab', experiments });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setShown({ at: 'sign-in', ...(error.status !== 401 && { problem: error.detail }) });
    }
  };

  /** Shows the run or the experiment that the address names. */
  const follow = async (experiments: readonly Experiment[]) => {
    const address = addressed();
    const runId = address.get('run');
    const found = runId ? await findRun(runId).catch(() => undefined) : undefined;
    setProblem(runId && !found ? texts.runMissing : undefined);
    setRun(found);
    const other = address.get('with');
    if (other) setKept(await findRun(other).catch(() => undefined));
    const wanted = found?.experiment ?? address.get('experiment');
    const known = experiments.find(({ id }) => id === wanted) ?? experiments[0];
    setChosen(known?.id ?? '');
  };

  useEffect(() => {
    const code = addressed().get('code');
    if (!code) {
      void load();
      return;
    }
    // The code signs in only once, so it is taken out of the address.
    history.replaceState(null, '', '/lab');
    signInByCode(code).then(load, (error: ApiError) =>
      setShown({ at: 'sign-in', problem: `${texts.linkFailed} ${error.detail}` }),
    );
  }, []);

  useLayoutEffect(() => {
    const onChange = () => setVisits((count) => count + 1);
    addEventListener('hashchange', onChange);
    return () => removeEventListener('hashchange', onChange);
  }, []);

  useEffect(() => {
    if (shown.at === 'lab') void follow(shown.experiments);
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
    history.replaceState(null, '', `#experiment=${id}`);
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
      <Header
        {...{ texts, language, theme }}
        setLanguage={chooseLanguage}
        setTheme={chooseTheme}
        onSignedOut={shown.at === 'lab' ? () => setShown({ at: 'sign-in' }) : undefined}
      />
      {shown.at === 'sign-in' && <SignIn texts={texts} problem={shown.problem} onDone={load} />}
      {shown.at === 'lab' && panel === 'shop' && <ShopView texts={texts} />}
      {shown.at === 'lab' && panel === 'cluster' && (
        <ClusterView
          texts={texts.cluster}
          language={language}
          onSignedOut={() => setShown({ at: 'sign-in' })}
        />
      )}
      {shown.at === 'lab' && panel === 'experiments' && (
        <div class="columns">
          <ExperimentList
            {...{ texts, chosen }}
            experiments={shown.experiments}
            onChoose={choose}
          />
          <main>
            {problem && (
              <p class="problem" role="alert">
                {problem}
              </p>
            )}
            {experiment && (
              <ExperimentView
                key={experiment.id}
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

/** What the part of the address after # names: a sign-in code, a run, or an experiment. */
function addressed(): URLSearchParams {
  return new URLSearchParams(location.hash.slice(1));
}

/** Names the run, and the one beside it. */
function addressOf(run: Run, kept: Run | undefined): string {
  return kept && kept.id !== run.id ? `#run=${run.id}&with=${kept.id}` : `#run=${run.id}`;
}

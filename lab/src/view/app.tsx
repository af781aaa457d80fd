import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import {
  ApiError,
  type Experiment,
  listExperiments,
  type Run,
  type Settings,
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
import { readAddressedRuns } from '../runs/addressed-runs.js';
import { EndedView } from '../runs/ended-view.js';
import { useShownRuns } from '../runs/use-shown-runs.js';
import type { SaleResult } from '../shop/run-sale.js';
import { ShopView } from '../shop/shop-view.js';
import { useSale } from '../shop/use-sale.js';
import { problemText } from '../texts/problem-texts.js';
import { addressed, addressOf } from './address.js';
import { ExperimentList, titleOf } from './experiment-list.js';
import { ExperimentView, initialSettings } from './experiment-view.js';
import { focusMain } from './focus-main.js';
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
  /** What the reader has set for each experiment. */
  const [drafts, setDrafts] = useState<Readonly<Record<string, Settings>>>({});
  /** A sale that has ended while the reader had another panel open. */
  const [endedSale, setEndedSale] = useState<SaleResult | undefined>();
  /** Counts the changes of the address. */
  const [visits, setVisits] = useState(0);
  const [problem, setProblem] = useState<string | undefined>();
  const texts = LANGUAGES[language];
  const panel = panelOf(location.hash);

  const experiment =
    shown.at === 'lab' ? shown.experiments.find(({ id }) => id === chosen) : undefined;
  const place =
    panel === 'experiments' ? experiment && titleOf(experiment, texts) : texts.panels[panel];

  const runs = useShownRuns({ isOpen: panel === 'experiments', chosen, run, kept, setRun });
  const { live } = runs;
  const latestPanel = useRef(panel);
  latestPanel.current = panel;
  const sale = useSale((result) => {
    if (latestPanel.current !== 'shop') setEndedSale(result);
  });

  useEffect(() => applyLanguage(language, place), [language, place]);
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
    const found = await readAddressedRuns(address);
    if (!isPresent()) return;
    const wanted = found.run ?? found.pending;
    setProblem(found.failure && runProblem(found.failure));
    setRun(found.run);
    if (found.pending) runs.follow(found.pending);
    if (address.has('with')) setKept(found.other);
    const id = wanted?.experiment ?? address.get('experiment');
    const known = experiments.find((one) => one.id === id) ?? experiments[0];
    if (known && wanted) draft(known, wanted.settings);
    setChosen(known?.id ?? '');
  };

  const runProblem = (error: Error) =>
    error instanceof ApiError && error.status === 404
      ? texts.runMissing
      : `${texts.runNotRead} ${problemText(error, texts.problems)}`;

  /** Shows settings with the experiment from now on. */
  const draft = (of: Experiment, settings: Settings) =>
    setDrafts((known) => ({ ...known, [of.id]: initialSettings(of, settings) }));

  /** The address of an experiment, with the run that is under way or shown. */
  const addressWith = (of: string, shownRun: Run | undefined) => {
    const pending = live[of];
    const id = pending?.progress ? pending.id : shownRun?.id;
    return id ? addressOf({ id }, kept) : `#experiment=${of}`;
  };

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
    if (chosen && location.hash === '#/experiments') {
      history.replaceState(null, '', addressWith(chosen, run));
    } else if (panel === 'experiments') void follow(shown.experiments, () => isPresent);
    const onSignedOut = () => setShown({ at: 'sign-in', problem: texts.sessionEnded });
    addEventListener(SIGNED_OUT, onSignedOut);
    return () => {
      isPresent = false;
      removeEventListener(SIGNED_OUT, onSignedOut);
    };
  }, [shown, visits]);

  // The form of the sign-in appears or disappears, and the focus with it.
  const before = useRef(shown.at);
  useEffect(() => {
    if (before.current !== 'start' && before.current !== shown.at) focusMain();
    before.current = shown.at;
  }, [shown]);

  // Before the paint, so that the page never shows a result and a link to it.
  useLayoutEffect(() => {
    if (panel === 'shop') setEndedSale(undefined);
  }, [panel]);

  const chooseLanguage = (wanted: Language) => {
    setLanguage(wanted);
    keepLanguage(wanted);
  };
  const chooseTheme = (wanted: Theme) => {
    setTheme(wanted);
    keepTheme(wanted);
  };
  const choose = (id: string) => {
    const result = live[id]?.progress ? undefined : runs.results[id];
    setChosen(id);
    setRun(result);
    setProblem(undefined);
    history.pushState(null, '', addressWith(id, result));
  };
  const begin = (of: Experiment, settings: Settings) => {
    setProblem(undefined);
    runs.begin(of.id, settings);
  };
  const keep = (wanted: Run | undefined) => {
    setKept(wanted);
    if (run) history.replaceState(null, '', addressOf(run, wanted));
    // The run beside disappears, and with it the button that was pressed.
    if (!wanted && kept?.id !== run?.id) focusMain();
  };

  return (
    <>
      {shown.at === 'lab' && (
        <button type="button" class="skip" onClick={focusMain}>
          {texts.skip}
        </button>
      )}
      <Header
        {...{ texts, language, theme }}
        setLanguage={chooseLanguage}
        setTheme={chooseTheme}
        onSignedOut={shown.at === 'lab' ? () => setShown({ at: 'sign-in' }) : undefined}
      />
      {shown.at === 'start' && (
        <main class="sign-in">
          {shown.problem ? (
            <p class="problem" role="alert">
              {shown.problem} {texts.tryingAgain}
            </p>
          ) : (
            <p class="loading">{texts.loading}</p>
          )}
        </main>
      )}
      {shown.at === 'sign-in' && (
        <SignIn texts={texts} problem={shown.problem} onDone={() => load()} />
      )}
      {shown.at === 'lab' && <EndedView texts={texts} runs={runs.ended} sale={endedSale} />}
      {shown.at === 'lab' && panel === 'shop' && <ShopView {...{ texts, sale }} />}
      {shown.at === 'lab' && panel === 'cluster' && <ClusterView {...{ texts, language }} />}
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
            {experiment ? (
              <ExperimentView
                key={experiment.id}
                {...{ texts, experiment, run, kept }}
                settings={drafts[experiment.id] ?? initialSettings(experiment, undefined)}
                {...live[experiment.id]}
                onSettings={(settings) => draft(experiment, settings)}
                onRun={(settings) => begin(experiment, settings)}
                onKeep={keep}
              />
            ) : (
              <p class="loading">{texts.loading}</p>
            )}
          </main>
        </div>
      )}
    </>
  );
}

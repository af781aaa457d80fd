import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../api.js';
import { problemText } from '../texts/problem-texts.js';
import type { Texts } from '../texts/texts.js';
import { STRIP_LENGTH } from './age-strip.js';
import { type ClusterSnapshot, findLack, type Lack, watchCluster } from './cluster-api.js';
import { InstanceCard } from './instance-card.js';
import { noticeOf } from './notices.js';

/** Pause before a lost connection is opened again, in milliseconds. */
const RETRY_MS = 1_000;

interface ViewProps {
  readonly texts: Texts;
  readonly language: string;
}

/** The instances side by side, as they answer now. */
export function ClusterView({ texts: all, language }: ViewProps) {
  const { cluster: texts, problems, wholeNumber } = all;
  const [lack, setLack] = useState<Lack | undefined>();
  const [snapshots, setSnapshots] = useState<readonly ClusterSnapshot[]>([]);
  /** Why the connection was lost, and why a command failed. */
  const [lost, setLost] = useState<unknown>();
  const [failure, setFailure] = useState<unknown>();
  const [notice, setNotice] = useState('');
  const latest = snapshots.at(-1);
  const number = (value: number) => value.toLocaleString(language);

  useEffect(() => {
    const stop = new AbortController();
    const show = (snapshot: ClusterSnapshot) => {
      setLost(undefined);
      setSnapshots((known) => [...known.slice(1 - STRIP_LENGTH), snapshot]);
    };
    const fail = (error: unknown) => setLost(error);
    void follow(stop.signal, { setLack, show, fail });
    return () => stop.abort();
  }, []);

  useEffect(() => {
    if (!latest) return;
    const happened = noticeOf(snapshots.at(-2), latest, texts, number);
    if (happened) setNotice(happened);
  }, [latest]);

  const run = (command: Promise<void>, after?: string) => {
    setFailure(undefined);
    command.then(
      () => after && setNotice(after),
      (error: unknown) => setFailure(error),
    );
  };

  return (
    <main class="cluster" tabIndex={-1}>
      <h2>{texts.title}</h2>
      <p class="expect">{texts.intro}</p>
      {lack && (
        <section class="unavailable">
          <p>{texts.lacks[lack]}</p>
          <pre>npm run cluster</pre>
        </section>
      )}
      {!lack && !latest && lost === undefined && <p class="hint">{texts.waiting}</p>}
      {/* It stays in sight, since the button that was pressed may be far below. */}
      <div class="messages">
        {lost !== undefined && (
          <p class="problem" role="alert">
            {lost instanceof ApiError ? problemText(lost, problems) : texts.reconnecting}
          </p>
        )}
        {failure !== undefined && (
          <p class="problem" role="alert">
            {problemText(failure, problems)}
          </p>
        )}
        <p class="notice" role="status">
          {notice}
        </p>
      </div>
      {latest && (
        <>
          <p class="hint">{texts.product(latest.product.name, latest.product.sku)}</p>
          <div class="instances">
            {latest.instances.map((instance, index) => (
              <InstanceCard
                key={instance.number}
                {...{ texts, wholeNumber, instance, number, run }}
                boundMs={latest.boundMs}
                servesPage={instance.state?.instance === latest.self}
                history={snapshots.flatMap(({ instances }) => instances[index] ?? [])}
              />
            ))}
          </div>
        </>
      )}
    </main>
  );
}

interface Followers {
  readonly setLack: (lack: Lack | undefined) => void;
  readonly show: (snapshot: ClusterSnapshot) => void;
  readonly fail: (error: unknown) => void;
}

/** Shows snapshots until `signal` aborts, also after the connection was lost. */
async function follow(signal: AbortSignal, { setLack, show, fail }: Followers): Promise<void> {
  while (!signal.aborted) {
    try {
      const lack = await findLack();
      setLack(lack);
      if (lack) return;
      for await (const snapshot of watchCluster(signal)) show(snapshot);
    } catch (error) {
      if (!signal.aborted) fail(error);
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

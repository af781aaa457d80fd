import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { BUS_CUT_MS } from '../../../src/adapters/http/lab/cluster/cluster-bounds.js';
import { NumberField } from '../fields/number-field.js';
import type { ClusterTexts } from '../texts/cluster-texts.js';
import type { Texts } from '../texts/texts.js';
import { AgeStrip } from './age-strip.js';
import { changePrice, cutBus, nameOf, pauseInstance, type ShownInstance } from './cluster-api.js';
import { InstanceFigures } from './instance-figures.js';

interface CardProps {
  readonly texts: ClusterTexts;
  readonly wholeNumber: Texts['wholeNumber'];
  readonly instance: ShownInstance;
  /** The latest snapshots of this instance, the oldest first. */
  readonly history: readonly ShownInstance[];
  readonly boundMs: number;
  readonly servesPage: boolean;
  readonly number: (value: number) => string;
  /** Runs a command, and shows `notice` after it, or its failure. */
  readonly run: (command: Promise<void>, notice?: string) => void;
}

/** One instance: its last answer, what can be done to it, and its figures. */
export function InstanceCard(props: CardProps) {
  const { texts, instance, history, boundMs, servesPage, number } = props;
  const { answer, silentMs, state, worstStaleMs } = instance;
  const cutForMs = state?.bus?.cutForMs ?? 0;
  return (
    <section class="instance" aria-label={nameOf(instance)}>
      <h3>
        {nameOf(instance)}
        {servesPage && <span class="tag">{texts.servesPage}</span>}
        {state && silentMs === 0 && (
          <span class="tag">{state.isInSync ? texts.inSync : texts.notInSync}</span>
        )}
        {cutForMs > 0 && (
          <span class="tag warning">{texts.busCut(Math.ceil(cutForMs / 1_000))}</span>
        )}
        {silentMs > 0 && <span class="tag warning">{texts.silent(Math.round(silentMs))}</span>}
      </h3>
      <p class={silentMs > 0 ? 'price silent' : 'price'}>
        {answer ? texts.points(number(answer.price)) : texts.noAnswer}
      </p>
      {answer && (
        <dl class="facts">
          <Fact label={texts.age} name="age">
            {answer.staleMs > 0 ? texts.replaced(Math.ceil(answer.staleMs)) : texts.current}
          </Fact>
          <Fact label={texts.level} name="level">
            <span class={`swatch level-${answer.source}`} aria-hidden="true" />
            {texts.levels[answer.source]}
          </Fact>
          <Fact label={texts.worst} name="worst">
            {texts.worstOf(Math.ceil(worstStaleMs), boundMs)}
          </Fact>
          <Fact label={texts.version} name="version">
            {answer.version}
          </Fact>
        </dl>
      )}
      <AgeStrip {...{ texts, history, boundMs }} />
      <Controls {...props} />
      <InstanceFigures {...{ texts, instance, history, number }} />
    </section>
  );
}

interface FactProps {
  readonly label: string;
  /** Tests find the fact by it. */
  readonly name: string;
  readonly children: ComponentChildren;
}

function Fact({ label, name, children }: FactProps) {
  return (
    <div data-fact={name}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Controls({ texts, wholeNumber, instance, servesPage, run }: CardProps) {
  const [price, setPrice] = useState(Number.NaN);
  const { number, silentMs, state } = instance;
  const name = nameOf(instance);
  const isSilent = silentMs > 0;
  const isCut = (state?.bus?.cutForMs ?? 0) > 0;
  const pauseMs = state?.pauseMs ?? undefined;
  const seconds = Math.ceil((pauseMs ?? 0) / 1_000);
  const submit = (event: Event) => {
    event.preventDefault();
    if (!isSilent) run(changePrice(number, price));
  };
  return (
    <div class="controls">
      <form onSubmit={submit}>
        <NumberField
          {...{ wholeNumber }}
          label={texts.newPrice(name)}
          min={0}
          max={Number.MAX_SAFE_INTEGER}
          value={price}
          onChange={setPrice}
        />
        <button type="submit" aria-disabled={isSilent}>
          {texts.change(name)}
        </button>
      </form>
      {state?.bus === null && <p class="hint">{texts.noBus}</p>}
      {state?.bus && (
        <button
          type="button"
          role="switch"
          aria-checked={isCut}
          aria-label={texts.cutOf(name)}
          aria-disabled={isSilent}
          onClick={() => isSilent || run(cutBus(number, isCut ? 0 : BUS_CUT_MS))}
        >
          {texts.cut}
        </button>
      )}
      {/* A paused instance could not show that it is paused. */}
      {pauseMs !== undefined && !servesPage && (
        <button
          type="button"
          aria-label={texts.pauseOf(name, seconds)}
          aria-disabled={isSilent}
          onClick={() => isSilent || run(pauseInstance(number), texts.isPaused(name, seconds))}
        >
          {texts.pause(seconds)}
        </button>
      )}
      {state?.pauseMs === null && <p class="hint">{texts.cannotPause}</p>}
    </div>
  );
}

import type { Report, Run } from '../api.js';
import type { Texts } from '../texts/texts.js';
import { staleMs } from '../timeline/lanes.js';
import type { PlotData, PlotSeries } from './plot.js';

/** A chart of what a run measured. */
export interface Measurement {
  readonly title: string;
  readonly data: PlotData;
}

/** Shorter times are drawn with this value: a logarithmic axis has no 0. */
const MIN_MS = 0.01;

/** Letters in a line below a bar. */
const LINE_LETTERS = 14;

/** The charts of a run; none where the experiment measures nothing. */
export function measurementsOf({ reports }: Run, texts: Texts): readonly Measurement[] {
  return [
    distributionOf(reports, texts),
    agesOf(reports, texts),
    barsOf(reports, texts, texts.charts.throughput, texts.charts.perSecond, throughputOf),
    barsOf(reports, texts, texts.charts.commands, texts.charts.commandsUnit, commandsOf),
    barsOf(reports, texts, texts.charts.queries, texts.charts.queriesUnit, queriesOf),
  ].filter((one) => one !== undefined);
}

type Of<Value> = (outcome: Report['outcome']) => Value | undefined;

const timesOf: Of<readonly number[]> = (outcome) =>
  outcome.kind === 'balance'
    ? outcome.waits?.waitsMs
    : (outcome.kind === 'ordering' && outcome.settledMs) || undefined;

const throughputOf: Of<number> = (outcome) =>
  outcome.kind === 'balance'
    ? outcome.waits?.perSecond
    : (outcome.kind === 'ordering' && outcome.settledPerSecond) || undefined;

/** Redis commands for each served request. */
const commandsOf: Of<number> = (outcome) =>
  outcome.kind === 'balance' && outcome.waits && outcome.waits.served > 0
    ? outcome.waits.redisCommands / outcome.waits.served
    : undefined;

const queriesOf: Of<number> = (outcome) =>
  outcome.kind === 'load' ? outcome.databaseQueries : undefined;

/** For each percentage of the requests: the longest wait. */
function distributionOf(reports: readonly Report[], texts: Texts): Measurement | undefined {
  const series = reports.flatMap(({ variant, outcome }): PlotSeries[] => {
    const values = timesOf(outcome)?.map((ms) => Math.max(ms, MIN_MS)) ?? [];
    return values.length > 0 ? [{ label: texts.variant(variant), values }] : [];
  });
  if (series.length === 0) return undefined;
  return {
    title: texts.charts.waits,
    data: {
      kind: 'line',
      xs: Array.from({ length: 101 }, (_, percent) => percent),
      xLabel: texts.charts.share,
      yLabel: 'ms',
      isLogarithmic: true,
      series,
    },
  };
}

/** How long the value of each answer had been replaced when its reader asked. */
function agesOf(reports: readonly Report[], texts: Texts): Measurement | undefined {
  const outcomes = reports.flatMap(({ outcome }) =>
    outcome.kind === 'freshness' ? [outcome] : [],
  );
  const boundMs = outcomes[0]?.boundMs;
  if (boundMs === undefined) return undefined;
  const answers = reports.map((report) => ({
    label: texts.variant(report.variant),
    ages: new Map(
      report.timeline
        .filter(({ step }) => step === 'answered')
        .map((step) => [step.atMs, staleMs(step) ?? 0]),
    ),
  }));
  const xs = [...new Set(answers.flatMap(({ ages }) => [...ages.keys()]))].sort((a, b) => a - b);
  if (xs.length === 0) return undefined;
  return {
    title: texts.charts.ages,
    data: {
      kind: 'points',
      xs,
      xLabel: texts.charts.time,
      yLabel: texts.charts.age,
      series: [
        ...answers.map(({ label, ages }) => ({
          label,
          values: xs.map((x) => ages.get(x) ?? null),
        })),
        { label: texts.charts.bound, values: xs.map(() => boundMs), isLimit: true },
      ],
    },
  };
}

/** One bar for each variant, where there are several to compare. */
function barsOf(
  reports: readonly Report[],
  texts: Texts,
  title: string,
  unit: string,
  figureOf: Of<number>,
): Measurement | undefined {
  const found = reports.flatMap(({ variant, outcome }) => {
    const value = figureOf(outcome);
    return value === undefined ? [] : [{ name: texts.variant(variant), value }];
  });
  if (found.length < 2) return undefined;
  return {
    title,
    data: {
      kind: 'bars',
      xs: found.map((_, i) => i),
      xLabel: '',
      xNames: found.map(({ name, value }) => `${wrapped(name)}\n${Number(value.toFixed(1))}`),
      yLabel: unit,
      series: [{ label: title, values: found.map(({ value }) => value) }],
    },
  };
}

/** Breaks a name into short lines between its words. */
function wrapped(name: string): string {
  const lines: string[] = [];
  for (const word of name.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (lines.length > 0 && longer.length <= LINE_LETTERS) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join('\n');
}

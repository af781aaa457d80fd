import { setTimeout as pause } from 'node:timers/promises';
import { readSettings } from '../../../src/config/settings/settings.js';
import { signToken } from '../../../src/config/settings/tokens/sign-token.js';
import { ApiClient } from '../../support/api-client.js';
import { addProduct } from '../../support/shop.js';
import { allFaults, type Fault } from './faults.js';
import { Fleet, HOLD_OFF_MS } from './fleet.js';
import { Load, type LoadSettings } from './load.js';
import { Observations, type Verdict } from './observations.js';
import { ProductClient } from './product-client.js';
import { randomBy } from './random.js';

export interface TrialSettings {
  readonly seconds: number;
  readonly seed: number;
  readonly faults?: readonly Fault[];
  readonly instances: number;
  readonly products: number;
  readonly boundMs: number;
  /** Duration of a fault that lasts, in milliseconds; longer than the bound. */
  readonly faultMs: number;
  /** Time without a fault before the first one. */
  readonly calmMs: number;
  /** Time after each fault, so that the caches work again before the next one. */
  readonly recoveryMs: number;
  readonly load: LoadSettings;
}

/** A phase of the trial, with or without a fault. */
export interface Phase {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface TrialResult {
  readonly verdict: Verdict;
  readonly phases: readonly Phase[];
  readonly observations: Observations;
}

/** A new Redis keeps nothing during the longest life of a write intent. */
const WARMING_MS = HOLD_OFF_MS + 500;

/** Readers and writers on several instances during a series of faults. */
export async function coherenceTrial(settings: TrialSettings): Promise<TrialResult> {
  const random = randomBy(settings.seed);
  await using fleet = await Fleet.start(settings.instances, settings.boundMs);
  const [first = ''] = fleet.urls;
  const admin = await ApiClient.of(first, fleet.env, 'admin', 'admin');
  const products: string[] = [];
  for (let i = 0; i < settings.products; i++) products.push(await addProduct(admin));
  const client = new ProductClient(await signToken(readSettings(fleet.env), 'admin', 'admin'));
  const observations = new Observations();
  const load = new Load(fleet, client, products, observations, random, settings.load);
  const phases = await goThrough(fleet, settings, random).finally(() => load.stop());
  client.close();
  return { verdict: observations.judge(settings.boundMs), phases, observations };
}

/** Every fault once or more often, in a random sequence. */
async function goThrough(fleet: Fleet, settings: TrialSettings, random: () => number) {
  const { seconds, faultMs, calmMs, recoveryMs, faults = allFaults } = settings;
  const phases: Phase[] = [];
  const during = async (name: string, work: () => Promise<unknown>) => {
    const fromMs = performance.now();
    await work();
    phases.push({ name, fromMs, toMs: performance.now() });
  };
  const endMs = performance.now() + seconds * 1_000;
  await during('warming up', () => pause(WARMING_MS));
  await during('calm', () => pause(calmMs));
  const first = Math.floor(random() * faults.length);
  for (let i = first; performance.now() < endMs || i < first + faults.length; i++) {
    const fault = faults[i % faults.length] as Fault;
    await during(fault.name, () => fault.run(fleet, faultMs, random));
    await during('afterwards', () => pause(recoveryMs));
  }
  return phases;
}

import { runUpgrade } from '../../upgrade/rolling-upgrade.js';
import type { FaultScenario } from '../support/fault-scenario.js';

export const rollingUpgrade: FaultScenario = {
  name: 'rolling-upgrade',
  title: 'instances of the last released version are replaced by this one, and back, under load',
  seconds: 30,
  run: ({ seconds }) => runUpgrade({ seconds, rate: 20 }),
};

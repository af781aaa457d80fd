import type { FaultScenario } from './fault-scenario.js';
import { lockFuzz } from './lock-fuzz.js';
import { redisAway } from './redis-away.js';

export const scenarios: readonly FaultScenario[] = [lockFuzz, redisAway];

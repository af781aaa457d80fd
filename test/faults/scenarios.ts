import type { FaultScenario } from './fault-scenario.js';
import { lockFuzz } from './lock-fuzz.js';

export const scenarios: readonly FaultScenario[] = [lockFuzz];

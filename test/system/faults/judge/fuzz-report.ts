import { fuzzFigures } from '../fuzz/fuzz-figures.js';
import type { FuzzRecord } from '../fuzz/fuzz-record.js';
import type { FaultReport } from '../support/fault-scenario.js';
import { judge } from './judge.js';

export function fuzzReport(record: FuzzRecord): FaultReport {
  return {
    done: Object.entries(record.faults).map(([name, times]) => `${times} x ${name}`),
    verdicts: judge(record),
    figures: [fuzzFigures(record)],
  };
}

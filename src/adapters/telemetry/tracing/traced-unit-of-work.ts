import {
  type Transaction,
  UnitOfWork,
  type UnitOptions,
} from '../../../domain/ports/unit-of-work.js';
import { recordSteps } from './record-steps.js';
import type { TracedUnit, TracedUnits } from './shared-spans.js';
import type { Spans } from './spans.js';

/**
 * Records each unit of work and its steps. The work runs in the trace of its own unit, also when another
 * unit began the transaction that they share.
 */
export class TracedUnitOfWork extends UnitOfWork {
  constructor(
    private readonly inner: UnitOfWork,
    private readonly spans: Spans,
    private readonly units: TracedUnits,
  ) {
    super();
  }

  override run<T>(options: UnitOptions<T>, work: (tx: Transaction) => Promise<T>): Promise<T> {
    if (this.spans.current.length === 0) return this.inner.run(options, work);
    const unit: TracedUnit = { span: this.spans.start('unit of work') };
    const { contexts } = unit.span;
    const traced = (tx: Transaction) => {
      // @plant unit-in-its-own-trace
      return this.spans.run(contexts, () => work(recordSteps(tx, this.spans)));
    };
    this.units.set(traced, unit);
    return unit.span.endWith(() =>
      this.spans
        .run(contexts, () => this.inner.run(options, traced))
        .finally(() => unit.hold?.end()),
    );
  }
}

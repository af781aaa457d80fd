import type { TraceContext } from '../events/trace-context.js';

/** Message of the queue that names one order request. */
export interface OrderMessage {
  /** Id of a product; messages of one key keep their sequence. */
  readonly key: string;
  readonly requestId: string;
  /** The customer, so that the queue serves customers by round robin; absent in messages of earlier versions. */
  readonly userId?: string;
  /** Absent while tracing is off. */
  readonly trace?: TraceContext;
}

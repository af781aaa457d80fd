import type { TraceContext } from '../../domain/events/trace-context.js';
import type { MessageObserver } from './message-observer.js';
import type { Delivered, DeliveryRules } from './ordered-delivery.js';

/** The same rules, which report each settlement to the observer if there is one. */
export function observedRules<
  Content extends { readonly trace?: TraceContext },
  T extends Delivered<Content>,
>(
  rules: DeliveryRules<Content, T>,
  destination: string,
  observer: MessageObserver | undefined,
): DeliveryRules<Content, T> {
  if (!observer) return rules;
  return {
    ...rules,
    settle: (contents) => {
      const traces = contents.flatMap(({ trace }) => (trace ? [trace] : []));
      return observer.settle(destination, traces, () => rules.settle(contents));
    },
  };
}

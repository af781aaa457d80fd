import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';

/** Called when an export failed after a successful one, and when one succeeded after a failed one. */
export type ReportExport = (failure: Error | undefined) => void;

/** Reports when spans begin to be lost, and when they arrive again. */
export class ReportingExporter implements SpanExporter {
  #isFailing = false;

  constructor(
    private readonly inner: SpanExporter,
    private readonly report: ReportExport,
  ) {}

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.inner.export(spans, (result) => {
      const hasFailed = result.code === ExportResultCode.FAILED;
      if (hasFailed !== this.#isFailing) {
        this.report(hasFailed ? (result.error ?? new Error('no reason was given')) : undefined);
      }
      this.#isFailing = hasFailed;
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.inner.shutdown();
  }

  async forceFlush(): Promise<void> {
    await this.inner.forceFlush?.();
  }
}

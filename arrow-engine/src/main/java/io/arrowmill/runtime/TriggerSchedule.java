package io.arrowmill.runtime;

import io.arrowmill.streaming.Trigger;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** When a query's batches run, and when it has had the last one. Confined to the query's thread. */
final class TriggerSchedule {
  private final StreamExecution execution;
  private final QueryServices services;
  private final QuerySources sources;
  private final MicroBatchLoop batches;

  TriggerSchedule(
      StreamExecution execution,
      QueryServices services,
      QuerySources sources,
      MicroBatchLoop batches) {
    this.execution = execution;
    this.services = services;
    this.sources = sources;
    this.batches = batches;
  }

  /** Runs batches until the trigger's work is done, or the query is stopped. */
  void run(Trigger trigger) throws IOException {
    switch (trigger) {
      case Trigger.OnceTrigger ignored -> {
        for (int i = 0; i < sources.count(); i++) {
          sources.source(i).readAllAvailable();
        }
        batches.runNext();
      }
      case Trigger.AvailableNowTrigger ignored -> {
        for (int i = 0; i < sources.count(); i++) {
          sources.source(i).prepareForAvailableNow();
        }
        batches.planAhead(); // only now do the sources know what there is
        while (!execution.isStopping() && batches.runNext()) {
          // goes on until there is nothing left
        }
        batches.finishInput();
      }
      case Trigger.ProcessingTimeTrigger onTime -> {
        if (onTime.interval().isZero()) {
          batches.planAhead();
        }
        runOnTime(onTime.interval().toNanos());
      }
    }
  }

  private void runOnTime(long intervalNanos) throws IOException {
    long pollNanos =
        TimeUnit.MILLISECONDS.toNanos(services.conf().getLong(RuntimeConf.POLLING_MILLIS));
    long idleNanos =
        TimeUnit.MILLISECONDS.toNanos(services.conf().getLong(RuntimeConf.IDLE_EVENT_MILLIS));
    long lastWork = System.nanoTime();
    while (!execution.isStopping()) {
      long started = System.nanoTime();
      long asked = execution.asked();
      if (batches.runNext()) {
        lastWork = System.nanoTime();
        if (intervalNanos > 0) {
          pauseUntil(started + intervalNanos);
        }
        continue;
      }
      execution.caughtUp(asked);
      if (System.nanoTime() - lastWork >= idleNanos) {
        services.onIdle(execution);
        lastWork = System.nanoTime();
      }
      if (intervalNanos > 0) {
        pauseUntil(started + intervalNanos);
      } else {
        execution.pause(pollNanos);
      }
    }
  }

  private void pauseUntil(long deadlineNanos) {
    while (!execution.isStopping()
        && !execution.isAskedToCatchUp()
        && System.nanoTime() < deadlineNanos) {
      execution.pause(deadlineNanos - System.nanoTime());
    }
  }
}

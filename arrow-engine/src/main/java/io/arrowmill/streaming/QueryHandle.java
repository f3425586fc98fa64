package io.arrowmill.streaming;

import io.arrowmill.runtime.StreamExecution;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The public face of a {@link StreamExecution}. */
final class QueryHandle implements StreamingQuery {
  private final StreamExecution execution;

  QueryHandle(StreamExecution execution) {
    this.execution = execution;
  }

  @Override
  public UUID id() {
    return execution.id();
  }

  @Override
  public UUID runId() {
    return execution.runId();
  }

  @Override
  public @Nullable String name() {
    return execution.name();
  }

  @Override
  public boolean isActive() {
    return execution.isActive();
  }

  @Override
  public StreamingQueryStatus status() {
    return execution.status();
  }

  @Override
  public @Nullable StreamingQueryProgress lastProgress() {
    return execution.lastProgress();
  }

  @Override
  public StreamingQueryProgress[] recentProgress() {
    return execution.recentProgress().toArray(StreamingQueryProgress[]::new);
  }

  @Override
  public void explain() {
    explain(false);
  }

  @Override
  @SuppressWarnings("SystemOut") // printing is what it is for
  public void explain(boolean extended) {
    System.out.println(explainString(extended));
  }

  @Override
  public String explainString(boolean extended) {
    return execution.explain(extended);
  }

  @Override
  public void processAllAvailable() {
    execution.processAllAvailable();
  }

  @Override
  public void awaitTermination() {
    execution.awaitTermination(Long.MAX_VALUE);
  }

  @Override
  public boolean awaitTermination(long timeoutMillis) {
    return execution.awaitTermination(timeoutMillis);
  }

  @Override
  public @Nullable StreamingQueryException exception() {
    return execution.exception();
  }

  @Override
  public void stop() {
    execution.stop();
  }

  @Override
  public String toString() {
    return "StreamingQuery[name=" + name() + ", id=" + id() + ", runId=" + runId() + "]";
  }
}

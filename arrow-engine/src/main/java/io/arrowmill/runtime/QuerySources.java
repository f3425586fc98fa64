package io.arrowmill.runtime;

import io.arrowmill.connector.SourceContext;
import io.arrowmill.connector.StreamSource;
import io.arrowmill.operator.PhysicalPlan;
import io.arrowmill.operator.PhysicalPlan.ScanPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The open sources of a query, in the order in which the plan reads them. Confined to the thread
 * that makes the query, then to the query's.
 */
final class QuerySources implements AutoCloseable {
  private final List<Long> streamIds = new ArrayList<>();
  private final List<StreamSource> sources = new ArrayList<>();

  /** What lets go of in-process streams whose sources are not open yet. */
  private final List<Runnable> holds = new ArrayList<>();

  /** The scans of unbounded sources in a plan, each stream once. */
  static List<ScanPlan> scans(PhysicalPlan plan) {
    List<ScanPlan> scans = new ArrayList<>();
    collect(plan, scans);
    return scans;
  }

  private static void collect(PhysicalPlan plan, List<ScanPlan> scans) {
    if (plan instanceof ScanPlan scan && scan.streamId() != null) {
      if (scans.stream().noneMatch(known -> scan.streamId().equals(known.streamId()))) {
        scans.add(scan);
      }
    }
    plan.inputs().forEach(input -> collect(input, scans));
  }

  /** What a source remembers is below this, in the checkpoint. */
  static String directory(int source) {
    return "sources/" + source;
  }

  /**
   * Keeps what in-process streams hold until the sources are open: other queries may commit it
   * before the query's thread comes to that.
   */
  void hold(PhysicalPlan plan, QueryServices services) {
    for (ScanPlan scan : scans(plan)) {
      holds.add(services.hold(scan.source()));
    }
  }

  private void letGo() {
    holds.forEach(Runnable::run);
    holds.clear();
  }

  /** Opens every source of the plan; if one fails, those opened before are closed. */
  void open(PhysicalPlan plan, Path checkpoint, QueryServices services, BufferAllocator allocator)
      throws IOException {
    try {
      for (ScanPlan scan : scans(plan)) {
        Path directory = checkpoint.resolve(directory(sources.size()));
        sources.add(services.openStream(scan.source(), new SourceContext(directory, allocator)));
        streamIds.add(scan.streamId());
      }
      letGo();
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  int count() {
    return sources.size();
  }

  StreamSource source(int index) {
    return sources.get(index);
  }

  int indexOf(long streamId) {
    return streamIds.indexOf(streamId);
  }

  @Override
  public void close() {
    letGo();
    sources.forEach(StreamSource::close);
    sources.clear();
    streamIds.clear();
  }
}

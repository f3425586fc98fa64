package io.arrowmill.runtime;

import io.arrowmill.connector.StreamSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a source says of itself after a batch, for that batch's progress. */
record SourceReport(@Nullable String latestOffset, Map<String, String> metrics) {

  /** What each source says now. */
  static List<SourceReport> of(QuerySources sources) throws IOException {
    List<SourceReport> reports = new ArrayList<>();
    for (int i = 0; i < sources.count(); i++) {
      StreamSource source = sources.source(i);
      reports.add(new SourceReport(source.reportLatestOffset(), new TreeMap<>(source.metrics())));
    }
    return reports;
  }
}

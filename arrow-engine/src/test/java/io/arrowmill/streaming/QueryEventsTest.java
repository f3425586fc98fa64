package io.arrowmill.streaming;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a query tells of itself: events, progress, its plan. */
@Timeout(60)
class QueryEventsTest {
  private final Session session = Session.builder().config("arrowmill.workers", 2).getOrCreate();
  private final MemoryStream<Row> clicks =
      MemoryStream.of(session, StructType.fromDDL("user STRING, at TIMESTAMP"));
  private final List<String> events = new CopyOnWriteArrayList<>();

  @AfterEach
  void nothingLeaks() {
    session.close();
  }

  private static Row click(String user, int second) {
    return Row.of(user, Instant.ofEpochSecond(1_000_000 + second));
  }

  private DataFrame counts() {
    return clicks
        .toDF()
        .withWatermark("at", "10 seconds")
        .groupBy(
            io.arrowmill.Functions.window(io.arrowmill.Functions.col("at"), "10 seconds"),
            io.arrowmill.Functions.col("user"))
        .count();
  }

  private StreamingQuery start(String name) {
    return counts().writeStream().outputMode("update").format("memory").queryName(name).start();
  }

  /** Writes down what it hears, and may fail at each. */
  private final class Heard extends StreamingQueryListener {
    private final boolean fails;

    Heard(boolean fails) {
      this.fails = fails;
    }

    private void note(String event) {
      if (fails) {
        throw new IllegalStateException("listener fails on purpose at " + event);
      }
      events.add(event);
    }

    @Override
    public void onQueryStarted(QueryStartedEvent event) {
      note("started " + event.name());
    }

    @Override
    public void onQueryProgress(QueryProgressEvent event) {
      note("batch " + event.progress().batchId() + ": " + event.progress().numInputRows());
    }

    @Override
    public void onQueryTerminated(QueryTerminatedEvent event) {
      note("terminated " + event.exception());
    }
  }

  @Test
  void listenersHearTheWholeLife() {
    Heard heard = new Heard(false);
    session.streams().addListener(new Heard(true));
    session.streams().addListener(heard);
    assertThat(session.streams().listListeners()).hasSize(2).contains(heard);

    StreamingQuery query = start("heard");
    clicks.addData(click("a", 1), click("b", 2));
    query.processAllAvailable();
    clicks.addData(click("a", 3));
    query.processAllAvailable();
    query.stop();
    assertThat(events)
        .as("each batch that moves the watermark is followed by one without data")
        .containsExactly(
            "started heard",
            "batch 0: 2",
            "batch 1: 0",
            "batch 2: 1",
            "batch 3: 0",
            "terminated null");

    session.streams().removeListener(heard);
    start("unheard").stop();
    assertThat(events).as("without the second query").hasSize(6);
  }

  @Test
  void progressCountsRowsStateAndWatermark() {
    StreamingQuery query = start("counted");
    assertThat(query.lastProgress()).isNull();
    clicks.addData(click("a", 1), click("a", 2), click("b", 31));
    query.processAllAvailable(); // a batch with the rows, and one that drops what has ended
    clicks.addData(click("late", 3));
    query.processAllAvailable();

    StreamingQueryProgress[] all = query.recentProgress();
    assertThat(all).hasSize(3);
    assertThat(all[0].numInputRows()).isEqualTo(3);
    assertThat(all[0].sink().numOutputRows()).isEqualTo(2);
    assertThat(all[0].stateOperators().getFirst().numRowsTotal()).isEqualTo(2);
    assertThat(all[0].stateOperators().getFirst().numRowsUpdated()).isEqualTo(2);
    assertThat(all[0].eventTime()).containsEntry("max", "1970-01-12T13:47:11.000Z");
    assertThat(all[0].eventTime()).containsEntry("watermark", "1970-01-01T00:00:00.000Z");
    assertThat(all[1].numInputRows()).isZero();
    assertThat(all[1].eventTime()).containsEntry("watermark", "1970-01-12T13:47:01.000Z");
    assertThat(all[1].stateOperators().getFirst().numRowsRemoved()).isEqualTo(1);
    assertThat(all[1].stateOperators().getFirst().numRowsTotal()).isEqualTo(1);
    assertThat(all[2].stateOperators().getFirst().numRowsDroppedByWatermark()).isEqualTo(1);
    assertThat(query.lastProgress()).isEqualTo(all[2]);
    assertThat(all[2].id()).isEqualTo(query.id());
    assertThat(all[2].runId()).isEqualTo(query.runId());
  }

  @Test
  void progressJsonHasSparksFields() throws IOException {
    StreamingQuery query = start("told");
    clicks.addData(click("a", 1));
    query.processAllAvailable();
    StreamingQueryProgress progress = requireNonNull(query.lastProgress());

    for (String json : List.of(progress.json(), progress.prettyJson(), progress.toString())) {
      assertThat(fields(json))
          .contains(
              "id",
              "runId",
              "name",
              "timestamp",
              "batchId",
              "batchDuration",
              "numInputRows",
              "inputRowsPerSecond",
              "processedRowsPerSecond",
              "durationMs.addBatch",
              "durationMs.walCommit",
              "durationMs.triggerExecution",
              "eventTime.watermark",
              "stateOperators.operatorName",
              "stateOperators.numRowsTotal",
              "stateOperators.memoryUsedBytes",
              "stateOperators.numRowsDroppedByWatermark",
              "sources.description",
              "sources.startOffset",
              "sources.endOffset",
              "sources.latestOffset",
              "sources.numInputRows",
              "sink.description",
              "sink.numOutputRows");
    }
    assertThat(progress.json()).doesNotContain("\n").contains("\"name\":\"told\"");
  }

  /** The paths of all fields of a JSON text. */
  private static Set<String> fields(String json) throws IOException {
    Set<String> paths = new TreeSet<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME) {
          String path = parser.getParsingContext().pathAsPointer().toString();
          paths.add(path.substring(1).replaceAll("/\\d+/", "/").replace('/', '.'));
        }
      }
    }
    return paths;
  }

  @Test
  void explainsItsPlan() {
    StreamingQuery query = start("explained");

    assertThat(query.explainString(false)).startsWith("== Physical Plan ==\n").contains("user");
    assertThat(query.explainString(true))
        .contains("== Analyzed Logical Plan ==", "== Optimized Logical Plan ==")
        .endsWith(query.explainString(false));
  }

  @Test
  void statusSaysWhatItDoes() {
    StreamingQuery query = start("status");
    query.processAllAvailable();
    assertThat(query.status().message())
        .isIn("Waiting for data to arrive", "Getting offsets from sources");
    query.stop();
    assertThat(query.status().message()).isEqualTo("Stopped");
    assertThat(query.status().isTriggerActive()).isFalse();
  }
}

package io.arrowmill.streaming;

import io.arrowmill.Dataset;
import io.arrowmill.KeyedDataset;
import io.arrowmill.Session;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Events of users, which state functions are called with, and what those give. */
abstract class GroupsWithStateFixture {
  record Event(@Nullable String user, Instant time, long value) {}

  record Sum(long rows, double total, @Nullable String last) {}

  record Out(@Nullable String user, long rows, double total, String note) {}

  @TempDir Path checkpoint = Path.of(".");

  Session session = Session.builder().config("arrowmill.workers", 2).getOrCreate();

  MemoryStream<Event> events = MemoryStream.of(session, Event.class);

  final List<String> given = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void open() {
    session.close();
    session = Session.builder().config("arrowmill.workers", 2).getOrCreate();
    events = MemoryStream.of(session, Event.class);
  }

  @AfterEach
  void close() {
    session.close();
  }

  static Event event(@Nullable String user, long second, long value) {
    return new Event(user, Instant.ofEpochSecond(second), value);
  }

  KeyedDataset<String, Event> byUser() {
    return events.toDS().groupByKey(Event::user, String.class);
  }

  KeyedDataset<String, Event> byUserWithWatermark() {
    return events.toDS().withWatermark("time", "10 seconds").groupByKey(Event::user, String.class);
  }

  StreamingQuery start(Dataset<?> dataset, String mode) {
    return dataset
        .writeStream()
        .queryName("states")
        .outputMode(mode)
        .option("checkpointLocation", checkpoint.toString())
        .foreachBatch(
            (batch, id) -> batch.collect().forEach(row -> given.add(id + ":" + row.values())))
        .start();
  }

  static StateOperatorProgress state(StreamingQuery query) {
    return Objects.requireNonNull(query.lastProgress()).stateOperators().getFirst();
  }

  /** What came out since the last call, in no order. */
  List<String> taken() {
    List<String> taken = given.stream().sorted().toList();
    given.clear();
    return taken;
  }

  static Out add(@Nullable String user, Iterator<Event> values, GroupState<Sum> state) {
    Sum sum = state.getOption().orElse(new Sum(0, 0, null));
    while (values.hasNext()) {
      Event event = values.next();
      sum = new Sum(sum.rows() + 1, sum.total() + event.value(), "v" + event.value());
    }
    state.update(sum);
    return new Out(user, sum.rows(), sum.total(), state.exists() + "");
  }
}

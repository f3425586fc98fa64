package io.arrowmill.examples;

import io.arrowmill.Dataset;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.streaming.GroupState;
import io.arrowmill.streaming.GroupStateTimeout;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.streaming.StreamingQueryProgress;
import io.arrowmill.streaming.Trigger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Tracks the sessions of users by state of its own: a session grows with each event of its user,
 * and is printed once the user has been quiet for a while of event time.
 */
@Command(
    name = "Sessions",
    description = "Tracks the sessions of users, and prints each once its user has been quiet.",
    mixinStandardHelpOptions = true)
final class Sessions implements Callable<Integer> {
  @Option(
      names = "--input",
      required = true,
      description = "directory of CSV files with a header: user, event_time")
  private Path input = Path.of(".");

  @Option(names = "--checkpoint", required = true, description = "directory of log and state")
  private Path checkpoint = Path.of(".");

  @Option(
      names = "--quiet-seconds",
      description =
          "a session ends after so many seconds without an event; default: ${DEFAULT-VALUE}")
  private int quietSeconds = 300;

  /** An event of the input. */
  record Event(String user, Instant event_time) {}

  /** What is kept of a user: the open session. */
  record Open(long events, Instant start, Instant end) {
    Open with(Instant time) {
      return new Open(
          events + 1, time.isBefore(start) ? time : start, time.isAfter(end) ? time : end);
    }
  }

  /** A session that has ended. */
  record Ended(String user, long events, Instant start, long seconds) {}

  @Override
  public Integer call() {
    try (Session session = Session.builder().appName("Sessions").getOrCreate()) {
      Dataset<Event> events =
          session
              .readStream()
              .schema("user STRING, event_time TIMESTAMP")
              .option("header", true)
              .option("maxFilesPerTrigger", 1)
              .csv(input.toString())
              .as(Event.class)
              .withWatermark("event_time", "10 seconds");
      Dataset<Ended> sessions =
          events
              .groupByKey(Event::user, String.class)
              .flatMapGroupsWithState(
                  this::update,
                  Open.class,
                  Ended.class,
                  OutputMode.Append(),
                  GroupStateTimeout.EventTimeTimeout());
      StreamingQuery query =
          sessions
              .writeStream()
              .outputMode("append")
              .trigger(Trigger.AvailableNow())
              .option("checkpointLocation", checkpoint.toString())
              .foreachBatch((batch, batchId) ->
                  batch.orderBy("start", "user").collect().forEach(Sessions::print))
              .start();
      query.awaitTermination();
      for (StreamingQueryProgress progress : query.recentProgress()) {
        System.err.println(progress.json());
      }
    }
    return 0;
  }

  /** Called for each user with events in a batch, and for each that has been quiet. */
  private Iterator<Ended> update(String user, Iterator<Event> events, GroupState<Open> state) {
    if (state.hasTimedOut()) {
      Open open = state.get();
      state.remove();
      long seconds = Duration.between(open.start(), open.end()).toSeconds();
      return List.of(new Ended(user, open.events(), open.start(), seconds)).iterator();
    }
    Open open = state.getOption().orElse(null);
    while (events.hasNext()) {
      Instant time = events.next().event_time();
      open = open == null ? new Open(1, time, time) : open.with(time);
    }
    if (open != null) {
      state.update(open);
      long quiet = open.end().plusSeconds(quietSeconds).toEpochMilli();
      state.setTimeoutTimestamp(Math.max(quiet, state.getCurrentWatermarkMs() + 1));
    }
    return Collections.emptyIterator();
  }

  private static void print(Row session) {
    System.out.println(
        session.getString(0)
            + ","
            + session.getLong(1)
            + ","
            + session.get(2)
            + ","
            + session.getLong(3));
  }
}

package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.codegen.table.RowCursor;
import io.arrowmill.codegen.table.ValueKind;
import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.state.ArrowMemorySource;
import io.arrowmill.state.KeyField;
import io.arrowmill.state.KeyedState;
import io.arrowmill.state.StateStore;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Sessions of random rows, which end, are written and read back, against those of a sorted map per
 * key. Closing the allocator is the leak check.
 */
class SessionTableTest {
  private static final Attribute KEY = Attribute.of("k", DataTypes.LONG, false);
  private static final Attribute START = Attribute.of("start", DataTypes.LONG, false);
  private static final Attribute END = Attribute.of("end", DataTypes.LONG, false);
  private static final SessionPlan PLAN =
      new SessionPlan(
          0,
          List.of(KEY),
          START,
          END,
          List.of(
              new AggregateCall("count", List.of(), false, null, DataTypes.LONG, false),
              new AggregateCall("min", List.of(START), false, null, DataTypes.LONG, true)),
          true,
          List.of(),
          new PhysicalPlan.LocalPlan(List.of(KEY, START, END), List.of()));

  /** A stretch of time with what was added to it. */
  private record Session(long key, long start, long end, long count, long min) {}

  /** Sessions by a map from starts to them, for each key. */
  private static final class Oracle {
    private final TreeMap<Long, TreeMap<Long, Session>> keys = new TreeMap<>();

    void add(long key, long start, long end) {
      TreeMap<Long, Session> sessions = keys.computeIfAbsent(key, k -> new TreeMap<>());
      Session joined = new Session(key, start, end, 1, start);
      for (Session other : List.copyOf(sessions.values())) {
        if (other.start() <= end && start <= other.end()) {
          sessions.remove(other.start());
          joined =
              new Session(
                  key,
                  Math.min(joined.start(), other.start()),
                  Math.max(joined.end(), other.end()),
                  joined.count() + other.count(),
                  Math.min(joined.min(), other.min()));
        }
      }
      sessions.put(joined.start(), joined);
    }

    List<Session> all() {
      return keys.values().stream().flatMap(sessions -> sessions.values().stream()).toList();
    }

    List<Session> end(long bound) {
      List<Session> ended = all().stream().filter(session -> session.end() <= bound).toList();
      keys.values().forEach(sessions -> sessions.values().removeAll(ended));
      return ended;
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 40, 60", "3, 200, 15", "500, 60, 5", "20, 3000, 3"})
  void sessionsAreThoseOfASortedMap(int keys, int disorder, int gap) throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Oracle oracle = new Oracle();
    try (RootAllocator allocator = new RootAllocator();
        ArrowMemorySource memory = new ArrowMemorySource(allocator, "test", "test.limit")) {
      KeyedState state = state(allocator, memory);
      try {
        for (int round = 1; round <= 40; round++) {
          state.beginEpoch();
          GroupTable table = state.partitions().getFirst();
          try (SessionTable sessions = new SessionTable(PLAN, table, memory)) {
            int count = random.nextInt(400);
            long[] rows = new long[3 * count];
            for (int i = 0; i < count; i++) {
              rows[3 * i] = random.nextInt(keys);
              rows[3 * i + 1] = round * 100L + random.nextInt(100) - random.nextInt(disorder);
              rows[3 * i + 2] = rows[3 * i + 1] + 1 + random.nextInt(gap);
              oracle.add(rows[3 * i], rows[3 * i + 1], rows[3 * i + 2]);
            }
            add(sessions, rows, memory);
            if (random.nextInt(3) > 0) {
              long bound = round * 100L - random.nextInt(2 * disorder);
              List<Session> ended = new ArrayList<>();
              long removed = sessions.end(bound, (r, n) -> read(table, r, n, ended));
              assertThat(ended)
                  .as("seed=%d", seed)
                  .containsExactlyInAnyOrderElementsOf(oracle.end(bound));
              assertThat(removed).isEqualTo(ended.size());
            }
          }
          assertThat(all(table, memory))
              .as("seed=%d", seed)
              .containsExactlyInAnyOrderElementsOf(oracle.all());
          if (random.nextInt(4) == 0) {
            KeyedState read = state(allocator, memory);
            copy(state, read);
            state.close();
            state = read;
          }
        }
      } finally {
        state.close();
      }
    }
  }

  /** Changes, applied one after the other, give what is in memory. */
  @Test
  void changesSayWhatHappened() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (RootAllocator allocator = new RootAllocator();
        ArrowMemorySource memory = new ArrowMemorySource(allocator, "test", "test.limit");
        KeyedState state = state(allocator, memory);
        KeyedState follower = state(allocator, memory)) {
      GroupTable table = state.partitions().getFirst();
      for (int round = 1; round <= 40; round++) {
        state.beginEpoch();
        try (SessionTable sessions = new SessionTable(PLAN, table, memory)) {
          long[] rows = new long[3 * random.nextInt(100)];
          for (int i = 0; i < rows.length; i += 3) {
            rows[i] = random.nextInt(30);
            rows[i + 1] = round * 20L + random.nextInt(100);
            rows[i + 2] = rows[i + 1] + 5;
          }
          add(sessions, rows, memory);
          sessions.end(round * 20L - 40, (r, n) -> {});
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        state.writeChanges(Channels.newChannel(bytes));
        follower.apply(
            Channels.newChannel(new ByteArrayInputStream(bytes.toByteArray())),
            StateStore.Share.ALL);
        assertThat(all(follower.partitions().getFirst(), memory))
            .as("seed=%d", seed)
            .containsExactlyInAnyOrderElementsOf(all(table, memory));
      }
    }
  }

  /** The oldest session's number is no other's, also where a session starts at that time. */
  @Test
  void sessionsMayStartAtTheBeginningOfTime() {
    try (RootAllocator allocator = new RootAllocator();
        ArrowMemorySource memory = new ArrowMemorySource(allocator, "test", "test.limit");
        KeyedState state = state(allocator, memory)) {
      GroupTable table = state.partitions().getFirst();
      try (SessionTable sessions = new SessionTable(PLAN, table, memory)) {
        long min = Long.MIN_VALUE;
        long max = Long.MAX_VALUE;
        add(sessions, new long[] {7, 0, 5, 7, min, min + 1, 7, max - 1, max, 7, -9, -8}, memory);
        add(sessions, new long[] {7, min + 5, min + 6}, memory);
        assertThat(all(table, memory))
            .containsExactlyInAnyOrder(
                new Session(7, min, min + 1, 1, min),
                new Session(7, min + 5, min + 6, 1, min + 5),
                new Session(7, -9, -8, 1, -9),
                new Session(7, 0, 5, 1, 0),
                new Session(7, max - 1, max, 1, max - 1));
        assertThat(sessions.end(-8, (r, n) -> {})).isEqualTo(3);
        assertThat(sessions.end(max, (r, n) -> {})).isEqualTo(2);
        assertThat(table.size()).isZero();
      }
    }
  }

  private static KeyedState state(RootAllocator allocator, ArrowMemorySource memory) {
    StateStorePlan.Keyed store = (StateStorePlan.Keyed) PLAN.stores().getFirst();
    List<KeyField> fields =
        store.keys().stream()
            .map(key ->
                new KeyField(
                    key.name(), ValueKind.I64, new StructField(key.name(), key.type(), false)))
            .toList();
    return new KeyedState(
        "sessions",
        fields,
        store.tables(),
        store.partitionKeys(),
        1,
        KeyHash.seeded(3),
        memory,
        allocator);
  }

  private static void copy(KeyedState from, KeyedState to) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    from.writeSnapshot(Channels.newChannel(bytes));
    to.apply(
        Channels.newChannel(new ByteArrayInputStream(bytes.toByteArray())), StateStore.Share.ALL);
  }

  /** Adds rows of a key, a start and an end each. */
  private static void add(SessionTable sessions, long[] rows, ArrowMemorySource memory) {
    int count = rows.length / 3;
    long block = memory.allocate(64L * count + 6L * ColumnDescriptor.BYTES);
    try {
      long numbers = block + 24L * count;
      long positions = block + 32L * count;
      long out = block + 40L * count;
      long descriptors = block + 48L * count;
      for (int i = 0; i < count; i++) {
        for (int c = 0; c < 3; c++) {
          putLong(block + 8L * c * count + 8L * i, rows[3 * i + c]);
        }
        putLong(numbers + 8L * i, SessionRing.FIRST);
        putInt(positions + 4L * i, i);
      }
      ColumnDescriptor.set(ColumnDescriptor.at(descriptors, 0), 0, block, 0);
      ColumnDescriptor.set(ColumnDescriptor.at(descriptors, 1), 0, numbers, 0);
      ColumnDescriptor.set(ColumnDescriptor.at(descriptors, 2), 0, block + 8L * count, 0);
      ColumnDescriptor.set(ColumnDescriptor.at(descriptors, 3), 0, block + 16L * count, 0);
      ColumnDescriptor.set(ColumnDescriptor.at(descriptors, 4), 0, 0, 0);
      ColumnDescriptor.set(ColumnDescriptor.at(descriptors, 5), 0, block + 8L * count, 0);
      SessionTable.Columns columns =
          new SessionTable.Columns(
              descriptors,
              ColumnDescriptor.at(descriptors, 2),
              ColumnDescriptor.at(descriptors, 3),
              ColumnDescriptor.at(descriptors, 4));
      sessions.add(columns, positions, 0, count, out);
    } finally {
      memory.free(block, 64L * count + 6L * ColumnDescriptor.BYTES);
    }
  }

  private static List<Session> all(GroupTable table, ArrowMemorySource memory) {
    List<Session> found = new ArrayList<>();
    long rows = memory.allocate(8L * 64);
    try {
      RowCursor cursor = new RowCursor();
      for (int n = table.nextRows(cursor, rows, 64); n > 0; n = table.nextRows(cursor, rows, 64)) {
        read(table, rows, n, found);
      }
    } finally {
      memory.free(rows, 8L * 64);
    }
    return found;
  }

  private static void read(GroupTable table, long rows, int count, List<Session> into) {
    for (int i = 0; i < count; i++) {
      long row = getLong(rows + 8L * i);
      long[] values = new long[4];
      for (int v = 0; v < values.length; v++) {
        values[v] = getLong(row + table.layout().state(v).offset());
      }
      long key = getLong(row + table.layout().keyOffset(0));
      into.add(new Session(key, values[0], values[1], values[2], values[3]));
    }
  }
}

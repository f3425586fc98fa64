package io.arrowmill.state.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Row;
import io.arrowmill.batch.BatchBuilder;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.RowReader;
import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.codegen.table.ValueKind;
import io.arrowmill.kernel.ColumnDescriptors;
import io.arrowmill.state.ArrowMemorySource;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stored rows against a list of rows. Closing the allocator is the leak check. */
class StoredSideTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LONG)
          .add("name", DataTypes.STRING)
          .add("time", DataTypes.TIMESTAMP)
          .add("flag", DataTypes.BOOLEAN)
          .add("tags", DataTypes.array(DataTypes.INTEGER));
  private static final StoredColumns COLUMNS = new StoredColumns(SCHEMA, List.of(0, 1), 2);
  private static final List<ValueKind> KINDS = List.of(ValueKind.I64, ValueKind.BYTES);

  /** A row of the model. */
  private static final class Kept {
    final Row row;
    final @Nullable Long micros;
    boolean matched;

    Kept(Row row, @Nullable Long micros) {
      this.row = row;
      this.micros = micros;
    }
  }

  private BufferAllocator allocator = new RootAllocator();
  private ArrowMemorySource memory = new ArrowMemorySource(allocator, "test", "test.limit");
  private final List<Kept> model = new ArrayList<>();

  @BeforeEach
  void open() {
    allocator = new RootAllocator();
    memory = new ArrowMemorySource(allocator, "test", "test.limit");
  }

  @AfterEach
  void close() {
    memory.close();
    allocator.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void keepsWhatAListKeeps(long seed) throws IOException {
    Random random = new Random(seed);
    List<byte[]> written = new ArrayList<>();
    StoredSide side = side(1 + random.nextInt(4), random.nextLong());
    try {
      long clock = 1_000_000;
      for (int batch = 0; batch < 16; batch++) {
        side.beginEpoch();
        clock += random.nextInt(2_000);
        add(side, random, clock);
        markSome(side, random);
        removeSome(side, random);
        expire(side, clock - 3_000);
        check(side, seed);
        written.add(changes(side));
        if (random.nextInt(4) == 0) {
          side.close();
          side = side(1 + random.nextInt(4), random.nextLong());
          for (byte[] changes : written) {
            side.apply(Channels.newChannel(new ByteArrayInputStream(changes)));
          }
          check(side, seed);
        }
        if (random.nextInt(5) == 0) {
          written.clear();
          written.add(snapshot(side));
        }
      }
      expire(side, Long.MAX_VALUE);
      check(side, seed);
    } finally {
      side.close();
    }
  }

  private StoredSide side(int partitions, long hashSeed) {
    StoredSide.Memory from = new StoredSide.Memory(memory, allocator);
    return new StoredSide(COLUMNS, KINDS, partitions, KeyHash.seeded(hashSeed), from);
  }

  private static byte[] changes(StoredSide side) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(side.writeChanges(Channels.newChannel(bytes))).isEqualTo(bytes.size());
    return bytes.toByteArray();
  }

  private static byte[] snapshot(StoredSide side) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    side.writeSnapshot(Channels.newChannel(bytes));
    return bytes.toByteArray();
  }

  private void add(StoredSide side, Random random, long clock) {
    List<Row> rows = new ArrayList<>();
    int count = random.nextInt(500);
    for (int i = 0; i < count; i++) {
      Long micros = random.nextInt(20) == 0 ? null : clock - random.nextInt(4_000);
      if (random.nextInt(200) == 0) {
        micros = clock + 1_000_000_000L; // a bad clock
      }
      Row row = row(random, micros);
      rows.add(row);
      model.add(new Kept(row, micros));
    }
    try (RecordBatch batch = BatchBuilder.batch(SCHEMA, rows, allocator);
        ColumnDescriptors keys = new ColumnDescriptors(2, memory)) {
      keys.set(batch, new int[] {0, 1});
      long block = memory.allocate(8L * 4096 * 3);
      try {
        long refs = block + 8L * 4096;
        long positions = refs + 8L * 4096;
        side.partitions().getFirst().hash(keys.address(), 0, 0, count, block);
        for (int p = 0; p < side.partitions().size(); p++) {
          int chosen = 0;
          for (int i = 0; i < count; i++) {
            long hash = OffHeap.getLong(block + 8L * i);
            if (KeyHash.partition(hash, side.partitions().size()) == p) {
              OffHeap.putInt(positions + 4L * chosen++, i);
            }
          }
          side.partitions().get(p).add(batch, keys.address(), positions, 0, chosen, refs);
        }
      } finally {
        memory.free(block, 8L * 4096 * 3);
      }
    }
  }

  private static Row row(Random random, @Nullable Long micros) {
    return Row.of(
        random.nextInt(10) == 0 ? null : (long) random.nextInt(40),
        random.nextInt(10) == 0 ? null : "n".repeat(random.nextInt(20)) + random.nextInt(3),
        micros == null ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS),
        random.nextInt(3) == 0 ? null : random.nextBoolean(),
        random.nextInt(3) == 0 ? null : List.of(random.nextInt(), 7));
  }

  /** Names of all rows, found through the index. */
  private Map<Long, Row> stored(StoredSide side) {
    Map<Long, Row> found = new HashMap<>();
    StoredGather gather = new StoredGather(side, allocator);
    for (int p = 0; p < side.partitions().size(); p++) {
      LongList refs = new LongList();
      StoredRows rows = side.partitions().get(p);
      for (Segment segment : rows.segments()) {
        for (int at = 0; segment != null && at < segment.rows; at++) {
          if (!segment.isGone(at)) {
            refs.add(RowRef.in(p, RowRef.of(segment.number, at)));
          }
        }
      }
      long[] names = new long[refs.size()];
      for (int i = 0; i < names.length; i++) {
        names[i] = refs.get(i);
      }
      List<FieldVector> columns = new ArrayList<>();
      for (int c = 0; c < SCHEMA.size(); c++) {
        columns.add(gather.column(c, names, 0, names.length));
      }
      try (RecordBatch batch = new RecordBatch(SCHEMA, columns, names.length)) {
        List<Row> read = RowReader.rows(batch);
        for (int i = 0; i < names.length; i++) {
          found.put(names[i], read.get(i));
        }
        checkChains(rows, p, batch, names, read);
      }
    }
    return found;
  }

  /** Each row is found by its key, exactly once. */
  private void checkChains(
      StoredRows rows, int partition, RecordBatch batch, long[] names, List<Row> read) {
    Map<List<@Nullable Object>, Integer> sizes = new HashMap<>();
    read.forEach(row -> sizes.merge(key(row), 1, Integer::sum));
    try (ColumnDescriptors keys = new ColumnDescriptors(2, memory)) {
      keys.set(batch, new int[] {0, 1});
      long block = memory.allocate(12L * 4096);
      try {
        for (int start = 0; start < names.length; start += 4096) {
          int count = Math.min(4096, names.length - start);
          for (int i = 0; i < count; i++) {
            OffHeap.putInt(block + 8L * 4096 + 4L * i, start + i);
          }
          rows.newest(keys.address(), block + 8L * 4096, 0, count, block);
          for (int i = 0; i < count; i++) {
            int length = 0;
            boolean found = false;
            for (long ref = OffHeap.getLong(block + 8L * i);
                ref != RowRef.NONE;
                ref = rows.next(ref)) {
              length++;
              found |= RowRef.in(partition, ref) == names[start + i];
            }
            assertThat(found).isTrue();
            assertThat(length).isEqualTo(sizes.get(key(read.get(start + i))));
          }
        }
      } finally {
        memory.free(block, 12L * 4096);
      }
    }
  }

  private static List<@Nullable Object> key(Row row) {
    List<@Nullable Object> key = new ArrayList<>();
    key.add(row.get(0));
    key.add(row.get(1));
    return key;
  }

  private void markSome(StoredSide side, Random random) {
    stored(side)
        .forEach((name, row) -> {
          StoredRows rows = side.partitions().get(RowRef.partition(name));
          long ref = RowRef.local(name);
          if (random.nextInt(10) == 0 && !rows.isMatched(ref)) {
            Kept kept =
                model.stream().filter(k -> k.row.equals(row) && !k.matched).findFirst().get();
            kept.matched = true;
            rows.setMatched(ref);
            rows.noteMatched(ref);
          }
        });
  }

  private void removeSome(StoredSide side, Random random) {
    stored(side)
        .forEach((name, row) -> {
          StoredRows rows = side.partitions().get(RowRef.partition(name));
          long ref = RowRef.local(name);
          if (random.nextInt(20) == 0) {
            boolean matched = rows.isMatched(ref);
            model.remove(
                model.stream()
                    .filter(k -> k.row.equals(row) && k.matched == matched)
                    .findFirst()
                    .get());
            rows.remove(ref);
          }
        });
    side.partitions().forEach(StoredRows::sweep);
  }

  private void expire(StoredSide side, long bound) {
    long before = side.size();
    List<Kept> gone = model.stream().filter(k -> k.micros != null && k.micros <= bound).toList();
    long removed = 0;
    long unmatched = 0;
    for (StoredRows rows : side.partitions()) {
      LongList names = new LongList();
      removed +=
          rows.expire(
              bound,
              (refs, count) -> {
                for (int i = 0; i < count; i++) {
                  if (!rows.isMatched(refs[i])) {
                    names.add(refs[i]);
                  }
                }
              });
      unmatched += names.size();
    }
    assertThat(removed).isEqualTo(gone.size()).isEqualTo(before - side.size());
    assertThat(unmatched).isEqualTo(gone.stream().filter(k -> !k.matched).count());
    model.removeAll(gone);
  }

  private void check(StoredSide side, long seed) {
    List<String> expected = new ArrayList<>();
    model.forEach(kept -> expected.add(kept.row + " " + kept.matched));
    List<String> found = new ArrayList<>();
    stored(side)
        .forEach((name, row) ->
            found.add(
                row
                    + " "
                    + side.partitions().get(RowRef.partition(name)).isMatched(RowRef.local(name))));
    expected.sort(Comparator.naturalOrder());
    found.sort(Comparator.naturalOrder());
    assertThat(found).as("seed=%d", seed).isEqualTo(expected);
    assertThat(side.size()).isEqualTo(model.size());
  }
}

package io.arrowmill.connector;

import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The source {@code steps}: batch {@code n} has the {@value #ROWS} values from {@code n * ROWS}. A
 * test hears of what is asked of it, and may fail it. Option {@code script}: the name of what a
 * test has given to {@link #SCRIPTS}.
 */
public final class StepSource implements StreamSource {
  /** Rows of a batch. */
  public static final int ROWS = 1_000;

  /** What tests want to hear, by name. */
  public static final Map<String, Script> SCRIPTS = new ConcurrentHashMap<>();

  private static final int SPLITS = 4;

  private final Script script;

  /** What a test hears of a source; each may fail. Splits are opened by any thread. */
  public interface Script {
    /** How many batches there are. */
    int steps();

    /** The source is about to be opened. */
    default void opening() {}

    /** A batch is about to get its offset. */
    default void offered(int step) throws IOException {}

    /** A split of a batch is opened. */
    default void opened(int step) throws IOException {}

    /** A batch is committed. */
    default void committed(int step) throws IOException {}
  }

  /** Found by the service loader. */
  public static final class Provider implements SourceProvider {
    /** For the service loader. */
    public Provider() {}

    @Override
    public Set<String> formats() {
      return Set.of("steps");
    }

    @Override
    public StructType schema(SourceSpec spec, boolean streaming) {
      return CountingSplit.SCHEMA;
    }

    @Override
    public StreamSource openStream(SourceSpec spec, SourceContext context) {
      return new StepSource(ConnectorOptions.of(spec).required("script"));
    }

    @Override
    public List<InputSplit> planBatch(SourceSpec spec, List<String> columns) {
      throw BuiltIn.streamingOnly(spec);
    }
  }

  private StepSource(String name) {
    this.script = Objects.requireNonNull(SCRIPTS.get(name), name);
    script.opening();
  }

  @Override
  public StructType schema() {
    return CountingSplit.SCHEMA;
  }

  @Override
  public @Nullable String latestOffset(@Nullable String start) throws IOException {
    int step = start == null ? 0 : Integer.parseInt(start);
    if (step == script.steps()) {
      return start;
    }
    script.offered(step);
    return Integer.toString(step + 1);
  }

  @Override
  public List<InputSplit> plan(@Nullable String start, String end, List<String> columns) {
    int step = Integer.parseInt(end) - 1;
    long from = (long) step * ROWS;
    CountingSplit whole =
        new CountingSplit(
            Projection.of(CountingSplit.SCHEMA, columns), from, from + ROWS, value -> value);
    return CountingSplit.cut(whole, SPLITS).stream()
        .map(split -> (InputSplit) new Split(script, step, split))
        .toList();
  }

  @Override
  public void committed(String end) throws IOException {
    script.committed(Integer.parseInt(end) - 1);
  }

  @Override
  public String description() {
    return "steps";
  }

  @Override
  public void close() {}

  private record Split(Script script, int step, InputSplit rows) implements InputSplit {
    @Override
    public BatchReader open(BufferAllocator allocator) throws IOException {
      script.opened(step);
      return rows.open(allocator);
    }

    @Override
    public boolean canReadAhead() {
      return true;
    }

    @Override
    public String description() {
      return "step " + step;
    }
  }
}

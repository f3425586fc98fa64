package io.arrowmill.oracle;

import io.arrowmill.Row;
import io.arrowmill.types.StructType;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A streaming query and its input.
 *
 * @param seed what it was made from; 0 if by hand
 * @param batches the input, one list a micro-batch
 * @param streams which stream each batch comes from: 0, or 1 where the query has a second one
 * @param mode {@code append}, {@code update} or {@code complete}
 * @param watermarkPolicy {@code min} or {@code max}
 * @param noDataBatches whether a batch without rows runs when the watermark has moved; else what it
 *     would end is ended by the next batch with rows
 */
record StreamCase(
    long seed,
    StructType schema,
    List<List<Row>> batches,
    List<Integer> streams,
    List<Step> steps,
    String mode,
    String watermarkPolicy,
    boolean noDataBatches) {

  /** A case with one stream. */
  StreamCase(long seed, StructType schema, List<List<Row>> batches, List<Step> steps, String mode) {
    this(seed, schema, batches, Collections.nCopies(batches.size(), 0), steps, mode, "min", true);
  }

  /** The same, but what a batch without rows would end is ended by the next one with rows. */
  StreamCase withoutNoDataBatches() {
    return new StreamCase(seed, schema, batches, streams, steps, mode, watermarkPolicy, false);
  }

  /** Whether the order of output rows is part of the result. */
  boolean isSorted() {
    return !steps.isEmpty() && steps.getLast() instanceof Step.Sort;
  }

  @Override
  public String toString() {
    String rows =
        batches.stream()
            .map(batch -> batch.stream().map(RowText::of).collect(Collectors.joining("\n  ")))
            .collect(Collectors.joining("\nbatch\n  ", "batch\n  ", "\n"));
    return "seed="
        + seed
        + " mode="
        + mode
        + " watermarkPolicy="
        + watermarkPolicy
        + " noDataBatches="
        + noDataBatches
        + " streams="
        + streams
        + "\nschema "
        + schema.toDDL()
        + "\nsteps\n  "
        + steps.stream().map(Step::toString).collect(Collectors.joining("\n  "))
        + "\n"
        + rows;
  }
}

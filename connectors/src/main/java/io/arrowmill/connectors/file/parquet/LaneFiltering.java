package io.arrowmill.connectors.file.parquet;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link KeptRows#filter} of rows none of which has been dropped yet, one row a lane.
 *
 * <p>This class needs the module {@code jdk.incubator.vector}; nothing may touch it without.
 */
final class LaneFiltering {
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final IntVector LANES = IntVector.zero(INTS).addIndex(1);

  private LaneFiltering() {}

  /** Rows of a step. */
  static int lanes() {
    return INTS.length();
  }

  /**
   * Writes the numbers of the rows whose code passes.
   *
   * @param rows a multiple of {@link #lanes}
   * @param numbers with room for a vector behind those of all rows
   * @param to where to write the first number
   * @return the index behind the last number
   */
  static int filter(int[] codes, PassingCodes passing, int first, int rows, int[] numbers, int to) {
    return passing.isWord()
        ? byWord(codes, passing.word(), first, rows, numbers, to)
        : byTable(codes, passing.table(), first, rows, numbers, to);
  }

  private static int byWord(int[] codes, int word, int first, int rows, int[] numbers, int to) {
    int lanes = INTS.length();
    IntVector passes = IntVector.broadcast(INTS, word);
    int kept = to;
    for (int i = 0; i < rows; i += lanes) {
      IntVector bits =
          passes.lanewise(VectorOperators.LSHR, IntVector.fromArray(INTS, codes, i)).and(1);
      kept = write(bits.compare(VectorOperators.NE, 0), first + i, numbers, kept);
    }
    return kept;
  }

  private static int byTable(int[] codes, int[] table, int first, int rows, int[] numbers, int to) {
    int lanes = INTS.length();
    int kept = to;
    for (int i = 0; i < rows; i += lanes) {
      IntVector passes = IntVector.fromArray(INTS, table, 0, codes, i);
      kept = write(passes.compare(VectorOperators.NE, 0), first + i, numbers, kept);
    }
    return kept;
  }

  private static int write(VectorMask<Integer> passes, int first, int[] numbers, int to) {
    LANES.add(first).compress(passes).intoArray(numbers, to);
    return to + passes.trueCount();
  }
}

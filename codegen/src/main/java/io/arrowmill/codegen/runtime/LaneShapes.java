package io.arrowmill.codegen.runtime;

import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The shapes of generated lane code, all of as many lanes as the preferred shape has longs, so that
 * one step of a loop takes the same rows of every column: ints and floats fill half a register.
 *
 * <p>Only generated lane code refers to this class, so that the vector API is not linked where it
 * is absent.
 */
public final class LaneShapes {

  public static final VectorSpecies<Long> I64 = LongVector.SPECIES_PREFERRED;

  /** How many rows a step takes; at most 64. */
  public static final int LANES = I64.length();

  /** A bit for every lane. */
  public static final long LANE_BITS = -1L >>> (Long.SIZE - LANES);

  public static final VectorSpecies<Double> F64 = VectorSpecies.of(double.class, I64.vectorShape());
  public static final VectorSpecies<Integer> I32 = VectorSpecies.of(int.class, half());
  public static final VectorSpecies<Float> F32 = VectorSpecies.of(float.class, half());

  /** 0, 1, 2, ... */
  public static final IntVector INDEX = IntVector.broadcast(I32, 0).addIndex(1);

  /** All of memory, by address. */
  public static final MemorySegment MEMORY = OffHeap.all();

  private LaneShapes() {}

  private static VectorShape half() {
    return VectorShape.forBitSize(LANES * Integer.SIZE);
  }
}

package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.kernel.KernelOutputs;
import io.arrowmill.codegen.kernel.ProjectKernel;
import java.util.List;

/**
 * A projection some of whose outputs have lanes: those are computed in lanes for whole blocks of
 * rows. The rest of the rows, selected rows and the other outputs are left to scalar code.
 */
final class LaneProject implements ProjectKernel {

  /** Rows whose columns stay in the cache while several loops go over them. */
  private static final int SLICE_ROWS = 4096;

  private final List<LaneSite> sites;
  private final PhysicalType[] types;
  private final int[] laneOutputs;
  private final ProjectKernel scalar;
  private final ProjectKernel others;
  private final ProjectKernel rest;

  /** Which kernels do what. */
  record Parts(
      List<LaneSite> lanes, ProjectKernel scalar, ProjectKernel others, ProjectKernel rest) {}

  /**
   * Puts kernels together.
   *
   * @param parts {@code lanes} write {@code laneOutputs}, {@code rest} the same by scalars, {@code
   *     others} the other outputs, {@code scalar} all
   * @param types of all outputs
   */
  LaneProject(Parts parts, List<PhysicalType> types, int[] laneOutputs) {
    this.sites = List.copyOf(parts.lanes());
    this.scalar = parts.scalar();
    this.others = parts.others();
    this.rest = parts.rest();
    this.types = types.toArray(PhysicalType[]::new);
    this.laneOutputs = laneOutputs;
  }

  @Override
  public void project(long columns, long selection, int start, int count, KernelOutputs outputs) {
    int blocks = count & -LaneKernel.BLOCK_ROWS;
    if (selection != 0 || blocks == 0 || !projectBlocks(columns, start, blocks, outputs)) {
      scalar.project(columns, selection, start, count, outputs);
      return;
    }
    if (blocks < count) {
      projectRest(columns, start, blocks, count - blocks, outputs);
    }
    others.project(columns, 0, start, count, outputs);
  }

  private boolean projectBlocks(long columns, int start, int blocks, KernelOutputs outputs) {
    LaneKernel[] kernels = new LaneKernel[sites.size()];
    boolean ready = true;
    for (int i = 0; i < kernels.length; i++) {
      LaneKernel kernel = sites.get(i).kernel(columns, start, blocks);
      ready &= kernel != null;
      if (kernel != null) {
        kernels[i] = kernel;
      }
    }
    if (!ready) {
      return false;
    }
    for (int output : laneOutputs) {
      outputs.setNullCount(output, 0);
    }
    for (int done = 0; done < blocks; done += SLICE_ROWS) {
      int rows = Math.min(SLICE_ROWS, blocks - done);
      for (LaneKernel kernel : kernels) {
        if (kernel.run(columns, start + done, rows, 0, outputs, done) < 0) {
          return false;
        }
      }
    }
    return true;
  }

  private void projectRest(long columns, int start, int blocks, int count, KernelOutputs outputs) {
    KernelOutputs shifted = new KernelOutputs(outputs.columns());
    for (int output : laneOutputs) {
      long data = outputs.dataAddress(output);
      long dataOffset =
          types[output] == PhysicalType.BOOL ? blocks / 8 : (long) blocks * types[output].width();
      shifted.setFixed(output, data + dataOffset, outputs.validityAddress(output) + blocks / 8);
    }
    rest.project(columns, 0, start + blocks, count, shifted);
    for (int output : laneOutputs) {
      outputs.addNullCount(output, shifted.nullCount(output));
    }
  }
}

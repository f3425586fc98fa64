package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.kernel.KernelOutputs;
import io.arrowmill.codegen.kernel.ProjectKernel;
import java.util.List;

/** A projection too wide for one class: its parts write different outputs. */
final class SplitProjection implements ProjectKernel {

  private final ProjectKernel[] parts;

  SplitProjection(List<ProjectKernel> parts) {
    this.parts = parts.toArray(ProjectKernel[]::new);
  }

  @Override
  public void project(long columns, long selection, int start, int count, KernelOutputs outputs) {
    for (ProjectKernel part : parts) {
      part.project(columns, selection, start, count, outputs);
    }
  }
}

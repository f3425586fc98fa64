package io.arrowmill.kernel;

import io.arrowmill.codegen.compile.KernelCompiler;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.kernel.FilterKernel;
import io.arrowmill.codegen.kernel.KernelMode;
import io.arrowmill.codegen.kernel.ProjectKernel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The kernels of the expressions used last, so that a query that is started again, or another one
 * with the same expressions, does not wait for the JIT compiler again. Kernels are stateless; any
 * thread may call it.
 */
final class KernelCache {
  private static final int ENTRIES_MAX = 256;

  private static final KernelCache SHARED = new KernelCache();

  private record Key(KernelMode mode, boolean filters, List<Ir> expressions) {}

  private final Map<Key, Object> kernels = new LinkedHashMap<>(16, 0.75f, true);

  private KernelCache() {}

  /** The kernel of a filter. */
  static FilterKernel filter(KernelMode mode, Ir predicate) {
    return (FilterKernel)
        SHARED.get(
            new Key(mode, true, List.of(predicate)),
            () -> new KernelCompiler(mode).compileFilter(predicate));
  }

  /** The kernel of some columns. */
  static ProjectKernel project(KernelMode mode, List<Ir> expressions) {
    return (ProjectKernel)
        SHARED.get(
            new Key(mode, false, List.copyOf(expressions)),
            () -> new KernelCompiler(mode).compileProject(expressions));
  }

  private synchronized Object get(Key key, Supplier<Object> compiled) {
    Object known = kernels.get(key);
    if (known == null) {
      known = compiled.get();
      kernels.put(key, known);
      if (kernels.size() > ENTRIES_MAX) {
        kernels.remove(kernels.keySet().iterator().next());
      }
    }
    return known;
  }
}

package io.arrowmill.codegen.table;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PUBLIC;
import static java.lang.classfile.ClassFile.ACC_STATIC;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compiles the steps of several aggregates into one class that walks the rows of a slice.
 *
 * <pre>
 * static void dense0(long rows, long columns, int start, int count) {
 *   long data1 = OffHeap.getLong(columns + 40) + 8L * start;
 *   for (int i = 0; i &lt; count; i++) {
 *     long row = OffHeap.getLong(rows + 8L * i);
 *     if ((OffHeap.getInt(row + 4) &amp; 1) == 1) {
 *       CountPlan.step(row, 16);
 *       LongSumPlan.next(row, OffHeap.getLong(data1 + 8L * i), 24, …);
 *     } else {
 *       CountPlan.step(row, 16);
 *       LongSumPlan.first(row, OffHeap.getLong(data1 + 8L * i), 24, …);
 *     }
 *   }
 * }
 * </pre>
 *
 * <p>A method takes {@value #STEPS_MAX} steps at most: beyond that the JIT compiler stops inlining.
 * A method with a loop begins with {@value RowUpdateLoop#ALONE_BYTES} bytes that do nothing, which
 * makes it too long to be inlined itself (HotSpot's {@code FreqInlineSize}): it is compiled alone,
 * with all its steps. Otherwise it depends on when it is compiled whether it becomes a part of a
 * caller, where there may be no room left for the steps: one JVM in ten was seen to take twice the
 * time.
 */
final class RowUpdateCompiler {
  private static final int STEPS_MAX = 6;
  private static final int CACHED_MAX = 256;

  private static final MethodTypeDesc DENSE =
      MethodTypeDesc.of(CD_void, CD_long, CD_long, CD_int, CD_int);
  private static final MethodTypeDesc GENERAL =
      MethodTypeDesc.of(CD_void, CD_long, CD_long, CD_long, CD_int, CD_int);
  private static final MethodTypeDesc KEYED =
      MethodTypeDesc.of(
          CD_int, CD_long, CD_long, CD_long, CD_long, CD_int, CD_long, CD_int, CD_int);

  private static final Map<List<Part>, RowUpdate> CACHE =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Part>, RowUpdate> eldest) {
          return size() > CACHED_MAX;
        }
      };

  /**
   * One aggregate in a generated class.
   *
   * @param column index of its descriptor
   * @param kind kind of its column; of no use where {@code counts} and not {@code skipsNulls}
   * @param skipsNulls whether it has a column, whose nulls it passes over
   */
  record Part(RowStep step, int column, ValueKind kind, boolean skipsNulls) {}

  private final ClassDesc name =
      ClassDesc.of(RowUpdateCompiler.class.getPackageName(), "GeneratedRowUpdate");

  private RowUpdateCompiler() {}

  /** The class of the given aggregates; equal ones share it. */
  static RowUpdate compile(List<Part> parts) {
    synchronized (CACHE) {
      return CACHE.computeIfAbsent(
          List.copyOf(parts), added -> new RowUpdateCompiler().define(added));
    }
  }

  private RowUpdate define(List<Part> parts) {
    byte[] bytes = ClassFile.of().build(name, builder -> build(builder, parts));
    try {
      MethodHandles.Lookup defined = MethodHandles.lookup().defineHiddenClass(bytes, true);
      return (RowUpdate)
          defined
              .findConstructor(defined.lookupClass(), MethodType.methodType(void.class))
              .invoke();
    } catch (Throwable e) {
      throw new IllegalStateException("generated class must load: parts=" + parts, e);
    }
  }

  private void build(ClassBuilder builder, List<Part> parts) {
    builder
        .withFlags(ACC_PUBLIC | ACC_FINAL)
        .withInterfaceSymbols(RowUpdate.class.describeConstable().orElseThrow());
    builder.withMethodBody(
        ConstantDescs.INIT_NAME,
        ConstantDescs.MTD_void,
        ACC_PUBLIC,
        code ->
            code.aload(0)
                .invokespecial(
                    ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                .return_());
    List<List<Part>> chunks = new ArrayList<>();
    for (int at = 0; at < parts.size(); at += STEPS_MAX) {
      chunks.add(parts.subList(at, Math.min(parts.size(), at + STEPS_MAX)));
    }
    for (int c = 0; c < chunks.size(); c++) {
      List<Part> chunk = chunks.get(c);
      builder.withMethodBody(
          "dense" + c,
          DENSE,
          ACC_STATIC,
          code -> new RowUpdateLoop(code, chunk, RowUpdateLoop.Rows.DENSE).emit());
      builder.withMethodBody(
          "general" + c,
          GENERAL,
          ACC_STATIC,
          code -> new RowUpdateLoop(code, chunk, RowUpdateLoop.Rows.GENERAL).emit());
    }
    builder.withMethodBody(
        "dense",
        DENSE,
        ACC_PUBLIC | ACC_FINAL,
        code -> {
          for (int c = 0; c < chunks.size(); c++) {
            code.lload(1).lload(3).iload(5).iload(6).invokestatic(name, "dense" + c, DENSE);
          }
          code.return_();
        });
    builder.withMethodBody(
        "general",
        GENERAL,
        ACC_PUBLIC | ACC_FINAL,
        code -> {
          for (int c = 0; c < chunks.size(); c++) {
            code.lload(1).lload(3).lload(5).iload(7).iload(8);
            code.invokestatic(name, "general" + c, GENERAL);
          }
          code.return_();
        });
    buildKeyed(builder, parts);
  }

  private void buildKeyed(ClassBuilder builder, List<Part> parts) {
    if (isOneLoop(parts)) {
      builder.withMethodBody(
          "keyed0",
          KEYED,
          ACC_STATIC,
          code -> new RowUpdateLoop(code, parts, RowUpdateLoop.Rows.KEYED).emit());
    }
    builder.withMethodBody(
        "keyed",
        KEYED,
        ACC_PUBLIC | ACC_FINAL,
        code -> {
          if (isOneLoop(parts)) {
            code.lload(1).lload(3).lload(5).lload(7).iload(9).lload(10).iload(12).iload(13);
            code.invokestatic(name, "keyed0", KEYED).ireturn();
          } else {
            code.iconst_0().ireturn();
          }
        });
  }

  /** Whether the steps are few enough for one loop, as {@link RowUpdate#keyed} needs. */
  static boolean isOneLoop(List<Part> parts) {
    return parts.size() <= STEPS_MAX;
  }
}

package io.arrowmill.codegen.memory;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Asks the operating system to keep large blocks in huge pages: a look into a large table then
 * misses the processor's cache of page addresses less often.
 *
 * <p>It is an advice, and Linux follows it where {@code
 * /sys/kernel/mm/transparent_hugepage/enabled} says {@code madvise}: at once for memory that has
 * not been written to, by and by and in the background for other memory. With {@code never}, and on
 * other systems, nothing is asked.
 *
 * <p>Any thread may call it. What a call of the operating system takes to be prepared is done by a
 * thread of its own; until then nothing is asked.
 */
public final class HugePages {
  /** Smaller blocks are not worth asking for. */
  public static final long BLOCK_BYTES_MIN = 1 << 19;

  private static final Path SWITCH = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
  private static final long PAGE_BYTES = 1 << 21;
  private static final int MADV_HUGEPAGE = 14;

  private static final AtomicBoolean BEGUN = new AtomicBoolean();
  private static volatile @Nullable MethodHandle madvise;

  private HugePages() {}

  /**
   * Asks for the huge pages that a block lies in, and so for what lies beside it there.
   *
   * @return whether the operating system was asked and will see to it
   */
  public static boolean advise(long address, long bytes) {
    MethodHandle call = madvise;
    if (call == null) {
      if (BEGUN.compareAndSet(false, true)) {
        Thread.ofPlatform().daemon().name("arrowmill-huge-pages").start(HugePages::prepare);
      }
      return false;
    }
    long from = address & -PAGE_BYTES;
    long end = (address + bytes + PAGE_BYTES - 1) & -PAGE_BYTES;
    return call(call, from, end - from) == 0;
  }

  @SuppressWarnings("restricted")
  private static void prepare() {
    if (!isAllowed()) {
      return;
    }
    Linker linker = Linker.nativeLinker();
    linker
        .defaultLookup()
        .find("madvise")
        .ifPresent(function -> {
          MethodHandle call =
              linker.downcallHandle(
                  function, FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
          call(call, 0, 0); // the first call takes longer
          madvise = call;
        });
  }

  /** Whether the operating system gives huge pages to those who ask. */
  static boolean isAllowed() {
    try {
      return Files.exists(SWITCH) && Files.readString(SWITCH).contains("[madvise]");
    } catch (IOException e) {
      return false; // where it cannot be read there is nothing to be had
    }
  }

  private static int call(MethodHandle call, long address, long bytes) {
    try {
      return (int) call.invokeExact(address, bytes, MADV_HUGEPAGE);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("madvise must not throw", e);
    }
  }
}

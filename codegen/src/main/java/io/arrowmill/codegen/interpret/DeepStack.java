package io.arrowmill.codegen.interpret;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.Traversal;
import java.util.concurrent.atomic.AtomicReference;

/** Runs recursion that is too deep for an ordinary thread's stack. */
final class DeepStack {

  private static final int SHALLOW = 200;
  private static final long STACK_BYTES = 512L << 20;

  private DeepStack() {}

  static boolean needed(Ir root) {
    return Traversal.depth(Traversal.postorder(root)) > SHALLOW;
  }

  /** Runs on a thread with a big stack, and waits for it; exceptions pass through. */
  static void run(Runnable work) {
    AtomicReference<RuntimeException> failure = new AtomicReference<>();
    Runnable guarded =
        () -> {
          try {
            work.run();
          } catch (RuntimeException e) {
            failure.set(e);
          }
        };
    Thread thread = new Thread(null, guarded, "deep-expression", STACK_BYTES);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while an expression was evaluated", e);
    }
    RuntimeException thrown = failure.get();
    if (thrown != null) {
      throw thrown;
    }
  }
}

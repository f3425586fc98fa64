package io.arrowmill.state;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.AllocationOutcome;
import org.apache.arrow.memory.AllocationOutcomeDetails;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;

/**
 * What was held when memory was refused. It is noted at that moment ({@link Listener}): when the
 * refusal is told, the operators of the task have given theirs back.
 *
 * @param name of the allocator whose limit it was
 * @param allocated bytes that it held
 * @param largestOperator the operator below it that held most, or null if there was none
 * @param largestAllocated bytes that this one held
 */
record Refusal(
    String name,
    long allocated,
    long limit,
    @Nullable String largestOperator,
    long largestAllocated) {

  /** The last refusal that a thread met, and the details that its exception carries. */
  private record Noted(WeakReference<AllocationOutcomeDetails> details, Refusal refusal) {}

  private static final ThreadLocal<@Nullable Noted> LAST = new ThreadLocal<>();

  /** Notes what was refused; {@code next} is told everything, too. */
  record Listener(AllocationListener next) implements AllocationListener {
    @Override
    public boolean onFailedAllocation(long size, AllocationOutcome outcome) {
      AllocationOutcomeDetails details = outcome.getDetails().orElse(null);
      BufferAllocator refusing = details == null ? null : details.getFailedAllocator();
      if (refusing != null) {
        LAST.set(new Noted(new WeakReference<>(details), by(refusing)));
      }
      return next.onFailedAllocation(size, outcome);
    }

    @Override
    public void onPreAllocation(long size) {
      next.onPreAllocation(size);
    }

    @Override
    public void onAllocation(long size) {
      next.onAllocation(size);
    }

    @Override
    public void onRelease(long size) {
      next.onRelease(size);
    }

    @Override
    public void onChildAdded(BufferAllocator parent, BufferAllocator child) {
      next.onChildAdded(parent, child);
    }

    @Override
    public void onChildRemoved(BufferAllocator parent, BufferAllocator child) {
      next.onChildRemoved(parent, child);
    }
  }

  /** What was noted of a refusal, if this thread met it last. */
  static @Nullable Refusal of(OutOfMemoryException e) {
    Noted last = LAST.get();
    AllocationOutcomeDetails details = e.getOutcomeDetails().orElse(null);
    return last == null || details == null || !last.details.refersTo(details) ? null : last.refusal;
  }

  /** What an allocator and those below it hold now. */
  static Refusal by(BufferAllocator allocator) {
    String largest = null;
    long most = 0;
    Deque<BufferAllocator> below = new ArrayDeque<>(List.of(allocator));
    while (!below.isEmpty()) {
      for (BufferAllocator child : below.pop().getChildAllocators()) {
        long held = child.getAllocatedMemory();
        if (MemoryLevel.of(child.getName()) == MemoryLevel.OPERATOR && held > most) {
          largest = child.getName();
          most = held;
        }
        below.push(child);
      }
    }
    return new Refusal(
        allocator.getName(), allocator.getAllocatedMemory(), allocator.getLimit(), largest, most);
  }
}

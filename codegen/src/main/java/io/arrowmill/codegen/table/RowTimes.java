package io.arrowmill.codegen.table;

/**
 * For each frame of memory that rows lie in, a time that none of its rows is before: who looks for
 * rows up to a time passes over the frames of later ones, so that finding what has ended costs by
 * what has ended. A frame is named by the address of its rows' starts without the last {@value
 * #FRAME_BITS} bits.
 *
 * <p>Rows come in the order of their times, more or less, and places that were freed together are
 * taken together again; so the rows of a frame are of about one time. Where they are not, a look at
 * a frame is all that is lost. Confined to one thread at a time.
 */
final class RowTimes {
  static final int FRAME_BITS = 13;
  static final long FRAME_BYTES = 1L << FRAME_BITS;
  private static final int FRAMES_MIN = 64;

  /** Of each slot the frame, or 0, and its time: a hash table at most half full. */
  private long[] slots = new long[2 * FRAMES_MIN];

  private int frames;

  /** The frame noted last, and where it is. */
  private long recentFrame;

  private int recentSlot;

  static long frame(long row) {
    return row >>> FRAME_BITS;
  }

  /** Says that the row at an address may be of a time. */
  void note(long row, long time) {
    long frame = frame(row);
    if (frame != recentFrame) {
      recentSlot = slotFor(frame);
      recentFrame = frame;
    }
    if (time < slots[recentSlot + 1]) {
      slots[recentSlot + 1] = time;
    }
  }

  /** No row of the frame is before this; {@link Long#MAX_VALUE} if none was noted. */
  long least(long frame) {
    int slot = find(frame);
    return slots[slot] == 0 ? Long.MAX_VALUE : slots[slot + 1];
  }

  /** Replaces what is known of a frame, all of whose rows were looked at. */
  void set(long frame, long least) {
    int slot = slotFor(frame);
    slots[slot + 1] = least;
  }

  void clear() {
    slots = new long[2 * FRAMES_MIN];
    frames = 0;
    recentFrame = 0;
  }

  private int slotFor(long frame) {
    int slot = find(frame);
    if (slots[slot] == 0) {
      if (2 * (frames + 1) > slots.length / 2) {
        grow();
        slot = find(frame);
      }
      frames++;
      slots[slot] = frame;
      slots[slot + 1] = Long.MAX_VALUE;
    }
    return slot;
  }

  /** Where a frame is, or the free slot where it would be. */
  private int find(long frame) {
    int mask = slots.length - 2;
    int slot = (int) ((frame * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    while (slots[slot] != frame && slots[slot] != 0) {
      slot = (slot + 2) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] before = slots;
    slots = new long[2 * before.length];
    for (int i = 0; i < before.length; i += 2) {
      if (before[i] != 0) {
        int slot = find(before[i]);
        slots[slot] = before[i];
        slots[slot + 1] = before[i + 1];
      }
    }
    recentFrame = 0;
  }
}

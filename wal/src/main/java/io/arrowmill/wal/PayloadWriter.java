package io.arrowmill.wal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Grows the payload of one record: little-endian numbers, texts and byte arrays behind their
 * length.
 */
final class PayloadWriter {

  /** Length that stands for a text that is null. */
  static final int NULL_LENGTH = -1;

  private ByteBuffer buffer = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);

  void putInt(int value) {
    reserve(Integer.BYTES);
    buffer.putInt(value);
  }

  void putLong(long value) {
    reserve(Long.BYTES);
    buffer.putLong(value);
  }

  void putByte(byte value) {
    reserve(1);
    buffer.put(value);
  }

  void putBytes(byte[] bytes) {
    putInt(bytes.length);
    reserve(bytes.length);
    buffer.put(bytes);
  }

  /** UTF-8; refuses a text that has no UTF-8 form, as it could not be read back the same. */
  void putText(@Nullable String text) {
    if (text == null) {
      putInt(NULL_LENGTH);
      return;
    }
    try {
      ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      putInt(utf8.remaining());
      reserve(utf8.remaining());
      buffer.put(utf8);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "text must be well-formed Unicode: text=" + text + "; it holds half of a surrogate pair",
          e);
    }
  }

  void putTexts(Map<String, String> texts) {
    putInt(texts.size());
    texts.forEach((name, text) -> {
      putText(name);
      putText(text);
    });
  }

  byte[] toBytes() {
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private void reserve(int byteCount) {
    if (buffer.remaining() >= byteCount) {
      return;
    }
    long needed = (long) buffer.position() + byteCount;
    if (needed > WriteAheadLog.PAYLOAD_BYTES_MAX) {
      throw new EntryTooLargeException(
          "entry must fit the log: payloadBytesMax="
              + WriteAheadLog.PAYLOAD_BYTES_MAX
              + ", payloadBytes>="
              + needed
              + "; write large changes with CheckpointFiles.writeDurably and name them as"
              + " External");
    }
    int capacity = (int) Math.max(needed, Math.min(2L * buffer.capacity(), 1 << 30));
    ByteBuffer grown = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    buffer = grown.put(buffer.flip());
  }
}

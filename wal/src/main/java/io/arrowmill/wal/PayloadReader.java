package io.arrowmill.wal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link PayloadWriter} wrote; whatever does not fit is an {@link
 * IllegalStateException}.
 */
final class PayloadReader {

  private final ByteBuffer buffer;

  PayloadReader(byte[] payload) {
    buffer = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
  }

  int getInt() {
    require(Integer.BYTES);
    return buffer.getInt();
  }

  long getLong() {
    require(Long.BYTES);
    return buffer.getLong();
  }

  byte getByte() {
    require(1);
    return buffer.get();
  }

  /** A number of things that follow, each of at least {@code bytesEach} bytes. */
  int getCount(int bytesEach) {
    int count = getInt();
    require((long) count * bytesEach);
    return count;
  }

  byte[] getBytes() {
    byte[] bytes = new byte[getCount(1)];
    buffer.get(bytes);
    return bytes;
  }

  @Nullable String getNullableText() {
    int length = getInt();
    if (length == PayloadWriter.NULL_LENGTH) {
      return null;
    }
    require(length);
    ByteBuffer utf8 = buffer.slice(buffer.position(), length);
    buffer.position(buffer.position() + length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalStateException("text is not UTF-8: length=" + length, e);
    }
  }

  String getText() {
    String text = getNullableText();
    if (text == null) {
      throw new IllegalStateException("text must not be null: position=" + buffer.position());
    }
    return text;
  }

  Map<String, String> getTexts() {
    int count = getCount(2 * Integer.BYTES);
    Map<String, String> texts = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      texts.put(getText(), getText());
    }
    return texts;
  }

  void requireEnd() {
    if (buffer.hasRemaining()) {
      throw new IllegalStateException(
          "payload must end here: position=" + buffer.position() + ", length=" + buffer.limit());
    }
  }

  private void require(long byteCount) {
    if (byteCount < 0 || byteCount > buffer.remaining()) {
      throw new IllegalStateException(
          "payload ends too early: position="
              + buffer.position()
              + ", needed="
              + byteCount
              + ", length="
              + buffer.limit());
    }
  }
}

package io.arrowmill.codegen.runtime;

import io.arrowmill.codegen.ir.ByteString;
import io.arrowmill.codegen.kernel.KernelException;
import io.arrowmill.codegen.kernel.KernelException.Condition;
import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A LIKE pattern, compiled: the pieces between the percent signs, as bytes.
 *
 * <p>A piece is matched as early as possible, which is right because what follows a percent sign
 * can begin anywhere. The first piece is tied to the start and the last one to the end, unless a
 * percent sign stands there. Immutable.
 */
public final class LikePattern {

  private final Piece[] pieces;
  private final boolean openStart;
  private final boolean openEnd;

  /**
   * Literal text and wildcards for one character, without a percent sign.
   *
   * @param text the bytes, off-heap; what stands at a wildcard does not matter
   * @param address of the text
   * @param length of the text in bytes
   * @param anyCharacter for each byte whether it stands for one character
   * @param plain whether no byte does
   */
  private record Piece(
      MemorySegment text, long address, int length, BitSet anyCharacter, boolean plain) {}

  private LikePattern(List<Piece> pieces, boolean openStart, boolean openEnd) {
    this.pieces = pieces.toArray(Piece[]::new);
    this.openStart = openStart;
    this.openEnd = openEnd;
  }

  /**
   * Compiles a pattern.
   *
   * @throws KernelException INVALID_PARAMETER_VALUE if the escape is followed by nothing, or by
   *     what needs no escape
   */
  public static LikePattern compile(String pattern, char escape) {
    List<Piece> pieces = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    List<Boolean> wild = new ArrayList<>();
    boolean openStart = false;
    boolean openEnd = false;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      openEnd = false;
      if (c == escape) {
        i++;
        if (!isEscapable(pattern, i, escape)) {
          throw invalidEscape(pattern, escape);
        }
        literal.append(pattern.charAt(i));
        wild.add(false);
      } else if (c == '%') {
        openStart |= pieces.isEmpty() && literal.isEmpty();
        openEnd = true;
        addPiece(pieces, literal, wild);
      } else {
        literal.append(c);
        wild.add(c == '_');
      }
    }
    addPiece(pieces, literal, wild);
    return new LikePattern(pieces, openStart, openEnd);
  }

  /** Whether every escape stands before what it escapes. */
  public static boolean isValid(String pattern, char escape) {
    for (int i = 0; i < pattern.length(); i++) {
      if (pattern.charAt(i) == escape && !isEscapable(pattern, ++i, escape)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isEscapable(String pattern, int at, char escape) {
    if (at >= pattern.length()) {
      return false;
    }
    char c = pattern.charAt(at);
    return c == '%' || c == '_' || c == escape;
  }

  private static KernelException invalidEscape(String pattern, char escape) {
    return new KernelException(
        Condition.INVALID_PARAMETER_VALUE,
        "the escape in a LIKE pattern must be followed by %%, _ or itself: pattern=%s, escape=%s;"
                .formatted(pattern, escape)
            + " double the escape");
  }

  private static void addPiece(List<Piece> pieces, StringBuilder literal, List<Boolean> wild) {
    if (literal.isEmpty()) {
      return;
    }
    byte[] bytes = ByteString.of(literal.toString()).toBytes();
    BitSet anyCharacter = new BitSet(bytes.length);
    int at = 0;
    for (int i = 0; i < literal.length(); i++) {
      int codePoint = literal.codePointAt(i);
      anyCharacter.set(at, wild.get(i));
      at += ByteString.of(Character.toString(codePoint)).length();
      i += Character.charCount(codePoint) - 1;
    }
    MemorySegment text = Arena.ofAuto().allocate(bytes.length);
    text.copyFrom(MemorySegment.ofArray(bytes));
    pieces.add(new Piece(text, text.address(), bytes.length, anyCharacter, !wild.contains(true)));
    literal.setLength(0);
    wild.clear();
  }

  /** Whether the text matches. */
  public boolean matches(long address, int length) {
    int count = pieces.length;
    if (count == 0) {
      return openStart || length == 0;
    }
    int from = 0;
    for (int i = 0; i < count; i++) {
      boolean atStart = i == 0 && !openStart;
      boolean atEnd = i == count - 1 && !openEnd;
      Piece piece = pieces[i];
      if (atStart) {
        from = matchAt(piece, address, length, 0);
        if (atEnd) {
          return from == length;
        }
      } else if (atEnd) {
        return matchesEnd(piece, address, length, from);
      } else {
        from = find(piece, address, length, from);
      }
      if (from < 0) {
        return false;
      }
    }
    return true;
  }

  /** Where the piece ends if it begins at {@code at}, or -1. */
  private static int matchAt(Piece piece, long address, int length, int at) {
    if (piece.plain()) {
      boolean fits = piece.length() <= length - at;
      return fits && OffHeap.equal(address + at, piece.address(), piece.length())
          ? at + piece.length()
          : -1;
    }
    int position = at;
    for (int i = 0; i < piece.length(); i++) {
      if (position >= length) {
        return -1;
      }
      if (piece.anyCharacter().get(i)) {
        position = BytesFunctions.nextCharacter(address, length, position);
      } else if (OffHeap.getByte(address + position) == OffHeap.getByte(piece.address() + i)) {
        position++;
      } else {
        return -1;
      }
    }
    return position;
  }

  private static int find(Piece piece, long address, int length, int from) {
    if (piece.plain()) {
      int found = TextWords.indexOf(address + from, length - from, piece.address(), piece.length());
      return found < 0 ? -1 : from + found + piece.length();
    }
    for (int at = from; at < length; at = BytesFunctions.nextCharacter(address, length, at)) {
      int end = matchAt(piece, address, length, at);
      if (end >= 0) {
        return end;
      }
    }
    return -1;
  }

  private static boolean matchesEnd(Piece piece, long address, int length, int from) {
    if (piece.plain()) {
      int at = length - piece.length();
      return at >= from && matchAt(piece, address, length, at) == length;
    }
    for (int at = from; at < length; at = BytesFunctions.nextCharacter(address, length, at)) {
      if (matchAt(piece, address, length, at) == length) {
        return true;
      }
    }
    return false;
  }
}

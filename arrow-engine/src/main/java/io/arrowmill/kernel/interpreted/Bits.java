package io.arrowmill.kernel.interpreted;

/** Functions on the bits of whole numbers. */
final class Bits {
  private Bits() {}

  static void register(FunctionTable table) {
    table.strict2("&", (site, a, b) -> narrow(a, Numbers.toLong(a) & Numbers.toLong(b)));
    table.strict2("|", (site, a, b) -> narrow(a, Numbers.toLong(a) | Numbers.toLong(b)));
    table.strict2("^", (site, a, b) -> narrow(a, Numbers.toLong(a) ^ Numbers.toLong(b)));
    table.strict1("~", (site, a) -> narrow(a, ~Numbers.toLong(a)));
    table.strict2("shiftleft <<", (site, a, b) -> shiftLeft(a, Numbers.toInt(b)));
    table.strict2("shiftright >>", (site, a, b) -> shiftRight(a, Numbers.toInt(b)));
    table.strict2("shiftrightunsigned >>>", (site, a, b) -> shiftUnsigned(a, Numbers.toInt(b)));
    table.strict1("bit_count", (site, a) -> bitCount(a));
    table.strict2("bit_get getbit", Bits::bit);
  }

  private static Object narrow(Object like, long value) {
    return switch (like) {
      case Byte ignored -> (byte) value;
      case Short ignored -> (short) value;
      case Integer ignored -> (int) value;
      default -> value;
    };
  }

  // The distance counts modulo the width: 32 for anything narrower than 64 bits.

  private static Object shiftLeft(Object a, int distance) {
    return a instanceof Long number ? (Object) (number << distance) : Numbers.toInt(a) << distance;
  }

  private static Object shiftRight(Object a, int distance) {
    return a instanceof Long number ? (Object) (number >> distance) : Numbers.toInt(a) >> distance;
  }

  private static Object shiftUnsigned(Object a, int distance) {
    return a instanceof Long number
        ? (Object) (number >>> distance)
        : Numbers.toInt(a) >>> distance;
  }

  private static Object bitCount(Object a) {
    if (a instanceof Boolean bool) {
      return bool ? 1 : 0;
    }
    // Of narrow numbers the 64 bits count, sign extended.
    return Long.bitCount(Numbers.toLong(a));
  }

  private static Object bit(CallSite site, Object a, Object b) {
    int width =
        switch (a) {
          case Byte ignored -> Byte.SIZE;
          case Short ignored -> Short.SIZE;
          case Integer ignored -> Integer.SIZE;
          default -> Long.SIZE;
        };
    int position = Numbers.toInt(b);
    if (position < 0 || position >= width) {
      throw site.invalidParameter("bit position must be 0 to " + (width - 1), a, b);
    }
    return (byte) (Numbers.toLong(a) >> position & 1);
  }
}

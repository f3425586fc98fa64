package io.arrowmill.codegen.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.codegen.interpret.IrInterpreter;
import io.arrowmill.codegen.runtime.WordHash;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The expression that lanes are generated from is the hash. */
class HashLanesTest {
  /** The definition, in whole numbers modulo 2^64. */
  private static BigInteger hash(BigInteger state, BigInteger word) {
    BigInteger product = times(state.xor(word), WordHash.FIRST_FACTOR);
    BigInteger second = times(product.xor(product.shiftRight(32)), WordHash.SECOND_FACTOR);
    return second.xor(second.shiftRight(32));
  }

  private static BigInteger times(BigInteger value, long factor) {
    return value.multiply(unsigned(factor)).mod(BigInteger.ONE.shiftLeft(64));
  }

  private static BigInteger unsigned(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }

  @Test
  void expressionAndMethodAreTheDefinition() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 1_000; i++) {
      long state = random.nextLong();
      long word = i % 3 == 0 ? random.nextInt(10) - 5 : random.nextLong();
      long wanted = hash(unsigned(state), unsigned(word)).longValue();
      assertThat(WordHash.combine(state, word)).as("seed=%d", seed).isEqualTo(wanted);
      assertThat(
              IrInterpreter.evaluate(
                  HashLanes.expression(), (column, _) -> column == 0 ? state : word))
          .as("seed=%d", seed)
          .isEqualTo(wanted);
    }
  }
}

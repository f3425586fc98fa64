package io.arrowmill.kernel.interpreted;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what was made of the last key: patterns and formats are nearly always the same in all
 * rows.
 */
final class Memo<K, V> {
  private final Function<K, V> function;
  private @Nullable K key;
  private @Nullable V value;

  Memo(Function<K, V> function) {
    this.function = function;
  }

  V get(K wanted) {
    V known = value;
    if (known == null || !wanted.equals(key)) {
      known = function.apply(wanted);
      key = wanted;
      value = known;
    }
    return known;
  }
}

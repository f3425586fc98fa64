package io.arrowmill;

import io.arrowmill.batch.record.JavaValues;
import io.arrowmill.kernel.interpreted.PackedForm;
import io.arrowmill.streaming.ListState;
import io.arrowmill.streaming.MapState;
import io.arrowmill.streaming.ValueState;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A state variable of a stateful processor, for the key that it is called for: a list of entries,
 * each with a time at which it ends, a key in maps, and a value.
 */
abstract sealed class StateVariable {
  private static final byte[] NOTHING = {};
  private static final long NO_EXPIRY = Long.MAX_VALUE;

  private final RecordMapping<?> keyMapping;
  private final RecordMapping<?> mapping;
  private final JavaValues keyValues;
  private final JavaValues values;
  private final DataType entryType;
  private final long ttlMillis;
  private byte[] bytes = NOTHING;
  private long nowMillis;
  private @Nullable Map<Object, Entry> entries;
  private boolean changed;

  /** A value, and when it ends. */
  private record Entry(Object value, long expiry) {}

  private StateVariable(RecordMapping<?> keyMapping, RecordMapping<?> mapping, long ttlMillis) {
    this.keyMapping = keyMapping;
    this.mapping = mapping;
    this.keyValues = JavaValues.of(keyMapping.type());
    this.values = JavaValues.of(mapping.type());
    this.entryType =
        DataTypes.array(
            DataTypes.struct(
                DataTypes.field("expiry", DataTypes.LONG),
                DataTypes.field("key", keyMapping.type().dataType()),
                DataTypes.field("value", mapping.type().dataType())));
    this.ttlMillis = ttlMillis;
  }

  abstract String kind();

  /** Kind and types, as checkpoints describe them. */
  final String text() {
    String key = this instanceof OfMap ? keyMapping.type().dataType().sql() + " -> " : "";
    return kind() + " " + key + mapping.type().dataType().sql();
  }

  // ---- the life of a call

  final void enter(byte @Nullable [] kept, long now) {
    bytes = kept == null ? NOTHING : kept;
    nowMillis = now;
    entries = null;
    changed = false;
  }

  final boolean changed() {
    return changed;
  }

  /** When the first of the entries ends. */
  final long nextExpiry() {
    if (ttlMillis == 0) {
      return NO_EXPIRY;
    }
    return entries().values().stream().mapToLong(Entry::expiry).min().orElse(NO_EXPIRY);
  }

  /** The entries as bytes; none if there is none. */
  final byte[] packed() {
    if (!changed) {
      return bytes;
    }
    List<Row> rows = new ArrayList<>();
    entries()
        .forEach((key, entry) ->
            rows.add(
                Row.of(
                    entry.expiry(), keyValues.toRowValue(key), values.toRowValue(entry.value()))));
    return rows.isEmpty() ? NOTHING : (byte[]) PackedForm.VALUE.encode(rows, entryType);
  }

  /** The entries that have not ended. */
  private Map<Object, Entry> entries() {
    Map<Object, Entry> known = entries;
    if (known != null) {
      return known;
    }
    known = new LinkedHashMap<>();
    Object decoded = bytes.length == 0 ? List.of() : PackedForm.VALUE.decode(bytes, entryType);
    for (Object each : (List<?>) Objects.requireNonNull(decoded)) {
      Row row = (Row) Objects.requireNonNull(each);
      if (row.getLong(0) > nowMillis) {
        known.put(
            Objects.requireNonNull(keyValues.fromRowValue(row.get(1))),
            new Entry(Objects.requireNonNull(values.fromRowValue(row.get(2))), row.getLong(0)));
      } else {
        changed = true;
      }
    }
    entries = known;
    return known;
  }

  // ---- what the kinds are made of

  final boolean has(Object key) {
    return entries().containsKey(key);
  }

  final @Nullable Object value(Object key) {
    Entry entry = entries().get(key);
    return entry == null ? null : entry.value();
  }

  final void set(@Nullable Object key, @Nullable Object value) {
    if (key == null || value == null) {
      throw new ArrowmillException(
          "ILLEGAL_STATE_STORE_VALUE.NULL_VALUE", "a state must not be null: kind=" + kind());
    }
    long expiry = ttlMillis == 0 ? NO_EXPIRY : Math.addExact(nowMillis, ttlMillis);
    entries().put(key, new Entry(value, expiry));
    changed = true;
  }

  final void drop(Object key) {
    changed |= entries().remove(key) != null;
  }

  final void dropAll() {
    changed |= !entries().isEmpty();
    entries().clear();
  }

  final int size() {
    return entries().size();
  }

  final List<Object> keyList() {
    return new ArrayList<>(entries().keySet());
  }

  final List<Object> valueList() {
    List<Object> all = new ArrayList<>();
    entries().values().forEach(entry -> all.add(entry.value()));
    return all;
  }

  private static RecordMapping<Long> numbered() {
    return RecordMapping.of(Long.class);
  }

  // ---- the kinds

  /** One value, under the number 0. */
  static final class OfValue<S> extends StateVariable implements ValueState<S> {
    OfValue(RecordMapping<S> mapping, long ttlMillis) {
      super(numbered(), mapping, ttlMillis);
    }

    @Override
    String kind() {
      return "VALUE";
    }

    @Override
    public boolean exists() {
      return has(0L);
    }

    @Override
    public @Nullable S get() {
      return TypedColumns.<@Nullable S>cast(value(0L));
    }

    @Override
    public void update(S newState) {
      set(0L, newState);
    }

    @Override
    public void clear() {
      dropAll();
    }
  }

  /** Values under growing numbers. */
  static final class OfList<S> extends StateVariable implements ListState<S> {
    OfList(RecordMapping<S> mapping, long ttlMillis) {
      super(numbered(), mapping, ttlMillis);
    }

    @Override
    String kind() {
      return "LIST";
    }

    @Override
    public boolean exists() {
      return size() > 0;
    }

    @Override
    public Iterator<S> get() {
      return TypedColumns.<Iterator<S>>cast(valueList().iterator());
    }

    @Override
    public void put(List<S> newState) {
      requireSome(newState);
      dropAll();
      newState.forEach(this::appendValue);
    }

    @Override
    public void appendValue(S newState) {
      List<Object> numbers = keyList();
      set(numbers.isEmpty() ? 0L : (Long) numbers.getLast() + 1, newState);
    }

    @Override
    public void appendList(List<S> newState) {
      requireSome(newState);
      newState.forEach(this::appendValue);
    }

    private static void requireSome(List<?> values) {
      if (values.isEmpty()) {
        throw new ArrowmillException(
            "ILLEGAL_STATE_STORE_VALUE.EMPTY_LIST_VALUE",
            "a list state must be given at least one value; clear() drops it");
      }
    }

    @Override
    public void clear() {
      dropAll();
    }
  }

  /** Values under keys. */
  static final class OfMap<K, V> extends StateVariable implements MapState<K, V> {
    OfMap(RecordMapping<K> keys, RecordMapping<V> values, long ttlMillis) {
      super(keys, values, ttlMillis);
    }

    @Override
    String kind() {
      return "MAP";
    }

    @Override
    public boolean exists() {
      return size() > 0;
    }

    @Override
    public @Nullable V getValue(K key) {
      return TypedColumns.<@Nullable V>cast(value(Objects.requireNonNull((Object) key)));
    }

    @Override
    public boolean containsKey(K key) {
      return has(Objects.requireNonNull((Object) key));
    }

    @Override
    public void updateValue(K key, V value) {
      set(key, value);
    }

    @Override
    public Iterator<Map.Entry<K, V>> iterator() {
      List<Map.Entry<K, V>> all = new ArrayList<>();
      for (Object key : keyList()) {
        all.add(Map.entry(TypedColumns.<K>cast(key), TypedColumns.<V>cast(value(key))));
      }
      return all.iterator();
    }

    @Override
    public Iterator<K> keys() {
      return TypedColumns.<Iterator<K>>cast(keyList().iterator());
    }

    @Override
    public Iterator<V> values() {
      return TypedColumns.<Iterator<V>>cast(valueList().iterator());
    }

    @Override
    public void removeKey(K key) {
      drop(Objects.requireNonNull((Object) key));
    }

    @Override
    public void clear() {
      dropAll();
    }
  }
}

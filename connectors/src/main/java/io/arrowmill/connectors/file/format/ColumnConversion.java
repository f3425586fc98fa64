package io.arrowmill.connectors.file.format;

import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Turns a vector as the native reader gives it into the one that the engine wants: shares the
 * buffers where the layouts agree, converts the values where they don't. Made once a file and
 * column; immutable.
 */
public final class ColumnConversion {
  private final @Nullable LeafConversion leaf;
  private final List<@Nullable ColumnConversion> children;
  private final List<Integer> sourceChildren;

  private ColumnConversion(
      @Nullable LeafConversion leaf,
      List<@Nullable ColumnConversion> children,
      List<Integer> sourceChildren) {
    this.leaf = leaf;
    this.children = children;
    this.sourceChildren = sourceChildren;
  }

  /** The conversion of {@code source} to {@code target}, or null if values could be lost. */
  public static @Nullable ColumnConversion of(Field source, StructField target) {
    return between(source, ArrowTypes.field(target), target);
  }

  private static @Nullable ColumnConversion between(
      Field source, Field targetField, StructField target) {
    ArrowType from = source.getType();
    if (from instanceof ArrowType.Null) {
      return new ColumnConversion(LeafConversion.NULLS, List.of(), List.of());
    }
    return switch (target.type()) {
      case StructType struct when from instanceof ArrowType.Struct ->
          struct(source.getChildren(), targetField.getChildren(), struct);
      case ArrayType array when from instanceof ArrowType.List ->
          positional(
              source.getChildren(),
              targetField.getChildren(),
              List.of(new StructField("element", array.element(), true)));
      case MapType map when from instanceof ArrowType.Map -> {
        ColumnConversion entries =
            positional(
                source.getChildren().getFirst().getChildren(),
                targetField.getChildren().getFirst().getChildren(),
                List.of(
                    new StructField("key", map.key(), false),
                    new StructField("value", map.value(), true)));
        yield entries == null ? null : new ColumnConversion(null, List.of(entries), List.of(0));
      }
      default -> {
        LeafConversion leaf = LeafConversion.of(from, targetField.getType());
        yield leaf == null ? null : new ColumnConversion(leaf, List.of(), List.of());
      }
    };
  }

  private static @Nullable ColumnConversion struct(
      List<Field> source, List<Field> targetFields, StructType target) {
    List<@Nullable ColumnConversion> children = new ArrayList<>();
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < target.size(); i++) {
      int position = indexOf(source, target.field(i).name());
      if (position < 0) {
        children.add(null);
      } else {
        ColumnConversion child =
            between(source.get(position), targetFields.get(i), target.field(i));
        if (child == null) {
          return null;
        }
        children.add(child);
      }
      positions.add(position);
    }
    return new ColumnConversion(null, children, positions);
  }

  private static @Nullable ColumnConversion positional(
      List<Field> source, List<Field> targetFields, List<StructField> targets) {
    List<@Nullable ColumnConversion> children = new ArrayList<>();
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      ColumnConversion child = between(source.get(i), targetFields.get(i), targets.get(i));
      if (child == null) {
        return null;
      }
      children.add(child);
      positions.add(i);
    }
    return new ColumnConversion(null, children, positions);
  }

  /**
   * The position of a column called {@code name}: the exact name first, then without regard to
   * case; or -1.
   */
  public static int position(List<String> names, String name) {
    int loose = -1;
    for (int i = 0; i < names.size(); i++) {
      String candidate = names.get(i);
      if (candidate.equals(name)) {
        return i;
      }
      if (loose < 0 && candidate.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
        loose = i;
      }
    }
    return loose;
  }

  static int indexOf(List<Field> fields, String name) {
    return position(fields.stream().map(Field::getName).toList(), name);
  }

  /** A new vector of {@code target}; {@code source} is borrowed. */
  public FieldVector apply(FieldVector source, StructField target, BufferAllocator allocator) {
    FieldVector result = ArrowTypes.field(target).createVector(allocator);
    try {
      applyInto(source, result);
      return result;
    } catch (RuntimeException | Error e) {
      result.close();
      throw e;
    }
  }

  private void applyInto(FieldVector source, FieldVector target) {
    int rows = source.getValueCount();
    LeafConversion ownLeaf = leaf;
    if (ownLeaf != null) {
      ownLeaf.convert(source, target, rows);
      return;
    }
    if (source instanceof NullVector) {
      nulls(target, rows);
      return;
    }
    for (int i = 0; i < children.size(); i++) {
      FieldVector targetChild = target.getChildrenFromFields().get(i);
      ColumnConversion child = children.get(i);
      if (child == null) {
        nulls(targetChild, rows);
      } else {
        child.applyInto(source.getChildrenFromFields().get(sourceChildren.get(i)), targetChild);
      }
    }
    share(source, target, rows);
  }

  /** Lets {@code target} own the buffers of {@code source} too; children are not touched. */
  static void share(FieldVector source, FieldVector target, int rows) {
    target.loadFieldBuffers(
        new ArrowFieldNode(rows, source.getNullCount()), source.getFieldBuffers());
  }

  /** Makes all rows of an empty vector null. */
  public static void nulls(FieldVector target, int rows) {
    target.setInitialCapacity(rows);
    target.allocateNew();
    target.setValueCount(rows);
  }
}

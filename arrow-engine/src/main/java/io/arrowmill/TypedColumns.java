package io.arrowmill;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.JavaType;
import io.arrowmill.types.JavaType.RecordOf;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table that hold the parts of a Java class, found by name.
 *
 * @param plan the table, with a column more for each part that has to be cast
 * @param reads the columns, in the order of the class's parts
 */
record TypedColumns(LogicalPlan plan, List<Attribute> reads) {

  /**
   * The columns of {@code frame} that hold values of {@code type}.
   *
   * @throws AnalysisException with condition {@code UNRESOLVED_COLUMN.WITH_SUGGESTION} if a
   *     component has no column, {@code CANNOT_UP_CAST_DATATYPE} if the column's values might not
   *     fit
   */
  static TypedColumns of(DataFrame frame, JavaType type) {
    List<StructField> fields = type.columns().fields();
    List<Attribute> output = frame.plan().output();
    if (!(type instanceof RecordOf) && output.size() != 1) {
      throw new AnalysisException(
          "UNSUPPORTED_DESERIALIZER.FIELD_NUMBER_MISMATCH",
          "a table must have one column to be read as values: class="
              + type.javaClass().getName()
              + ", columns="
              + List.of(frame.columns())
              + "; select the column");
    }
    List<Expression> columns = new ArrayList<>(output);
    List<Attribute> reads = new ArrayList<>();
    for (StructField field : fields) {
      Expression found =
          type instanceof RecordOf
              ? frame.col("`" + field.name() + "`").expression()
              : output.getFirst();
      if (found instanceof Attribute column && holds(column.type(), field.type())) {
        reads.add(column);
        continue;
      }
      Alias cast = Alias.of(upCast(found, field, type), field.name());
      columns.add(cast);
      reads.add(LogicalPlan.attributeOf(cast));
    }
    return columns.size() == output.size()
        ? new TypedColumns(frame.plan(), reads)
        : new TypedColumns(new Project(columns, frame.plan()), reads);
  }

  /** An object that was made by the mapping of {@code T}, which may stand for classes of nulls. */
  @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"})
  static <T> T cast(@Nullable Object value) {
    return (T) value;
  }

  private static Expression upCast(Expression found, StructField field, JavaType type) {
    if (!upCasts(found.type(), field.type())) {
      throw new AnalysisException(
          "CANNOT_UP_CAST_DATATYPE",
          "a column's values must fit the component that they are read as: component="
              + type.javaClass().getName()
              + "."
              + field.name()
              + ", column="
              + found.sql()
              + ", from="
              + found.type().sql()
              + ", to="
              + field.type().sql()
              + "; cast the column, or declare the component with a wider class");
    }
    return holds(found.type(), field.type())
        ? found
        : new Column(found).cast(field.type()).expression();
  }

  /** Whether values of a column are read as they are; nulls are looked for in each row. */
  private static boolean holds(DataType column, DataType wanted) {
    return switch (wanted) {
      case DecimalType ignored -> column instanceof DecimalType;
      case ArrayType array ->
          column instanceof ArrayType found && holds(found.element(), array.element());
      case MapType map ->
          column instanceof MapType found
              && holds(found.key(), map.key())
              && holds(found.value(), map.value());
      case StructType struct -> column instanceof StructType found && holds(found, struct);
      default -> column.equals(wanted);
    };
  }

  private static boolean holds(StructType column, StructType wanted) {
    if (column.size() != wanted.size()) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      StructField part = wanted.field(i);
      if (!column.field(i).name().equalsIgnoreCase(part.name())
          || !holds(column.field(i).type(), part.type())) {
        return false;
      }
    }
    return true;
  }

  private static boolean upCasts(DataType from, DataType to) {
    if (holds(from, to) || from.equals(DataTypes.NULL)) {
      return true;
    }
    if (!(from instanceof AtomicType source)) {
      return from instanceof DecimalType && to.equals(DataTypes.STRING);
    }
    if (to.equals(DataTypes.STRING)) {
      return true;
    }
    int rank = rank(source);
    if (to instanceof DecimalType) {
      return rank >= 0 && rank <= rank(AtomicType.LONG);
    }
    return to instanceof AtomicType target && rank >= 0 && rank < rank(target);
  }

  /** Place among the numbers, of which each fits the next; -1 for what is none. */
  private static int rank(AtomicType type) {
    return switch (type) {
      case BYTE -> 0;
      case SHORT -> 1;
      case INTEGER -> 2;
      case LONG -> 3;
      case FLOAT -> 4;
      case DOUBLE -> 5;
      default -> -1;
    };
  }
}

package io.arrowmill.oracle;

import io.arrowmill.ArrowmillException;
import io.arrowmill.DataFrame;
import io.arrowmill.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;

/** Answers to queries over tables in a form that both engines share. */
final class TableAnswers {
  private TableAnswers() {}

  /** The answer of a query here: names of columns, then rows in order; or the condition. */
  static List<String> here(Session session, String sql) {
    try {
      return here(session.sql(sql));
    } catch (ArrowmillException e) {
      return List.of(e.condition());
    }
  }

  static List<String> here(DataFrame found) {
    try {
      List<String> lines = sorted(found.collect().stream().map(RowText::of).toList());
      lines.add(0, Arrays.toString(found.columns()));
      return lines;
    } catch (ArrowmillException e) {
      return List.of(e.condition());
    }
  }

  /** As {@link #here(Session, String)}, of Spark. */
  static List<String> ofSpark(SparkSession spark, String sql) {
    try {
      return ofSpark(spark.sql(sql));
    } catch (Exception e) { // Spark's checked exceptions are not declared
      return List.of(e instanceof SparkThrowable known ? known.getCondition() : e.toString());
    }
  }

  static List<String> ofSpark(Dataset<org.apache.spark.sql.Row> found) {
    try {
      List<String> lines =
          sorted(
              found.collectAsList().stream()
                  .map(row -> RowText.of(SparkRows.fromSpark(row)))
                  .toList());
      lines.add(0, Arrays.toString(found.columns()));
      return lines;
    } catch (Exception e) { // Spark's checked exceptions are not declared
      return List.of(e instanceof SparkThrowable known ? known.getCondition() : e.toString());
    }
  }

  static List<String> sorted(List<String> lines) {
    List<String> all = new ArrayList<>(lines);
    all.sort(null);
    return all;
  }
}

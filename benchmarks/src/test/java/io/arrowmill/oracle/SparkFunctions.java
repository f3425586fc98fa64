package io.arrowmill.oracle;

import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry$;
import scala.jdk.javaapi.CollectionConverters;

/** The functions that Spark has without any being registered, but for those that give tables. */
final class SparkFunctions {
  private SparkFunctions() {}

  static Set<String> names() {
    Set<String> names = new TreeSet<>();
    for (FunctionIdentifier function :
        CollectionConverters.asJava(FunctionRegistry$.MODULE$.builtin().listFunction())) {
      names.add(function.funcName());
    }
    return names;
  }
}

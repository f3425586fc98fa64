package io.arrowmill;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.streaming.ArrowStream;
import io.arrowmill.streaming.DataStreamReader;
import io.arrowmill.streaming.DataStreamWriter;
import io.arrowmill.streaming.MemoryStream;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.streaming.StreamingQueryListener;
import io.arrowmill.streaming.StreamingQueryManager;
import io.arrowmill.streaming.StreamingQueryProgress;
import io.arrowmill.streaming.Trigger;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Names that programs are written against: none of them may go away. */
class ApiNamesTest {
  static List<Arguments> names() {
    return List.of(
        Arguments.of(Session.Builder.class, "appName config getOrCreate"),
        Arguments.of(
            Session.class,
            "builder read readStream sql table range createDataFrame conf streams catalog fromArrow"
                + " close stop"),
        Arguments.of(SessionConf.class, "set get unset"),
        Arguments.of(Catalog.class, "listTables dropTempView dropTable tableExists"),
        Arguments.of(
            DataFrame.class,
            "select selectExpr where filter withColumn withColumns withColumnRenamed drop as alias"
                + " union unionByName distinct limit orderBy sort groupBy agg join withWatermark"
                + " dropDuplicates dropDuplicatesWithinWatermark schema columns printSchema"
                + " isStreaming explain createOrReplaceTempView writeStream write show collect"
                + " count toArrow transform observe rollup cube"),
        Arguments.of(GroupedData.class, "agg count sum avg mean min max pivot"),
        Arguments.of(
            Column.class,
            "plus minus multiply divide mod equalTo eqNullSafe notEqual gt geq lt leq between isin"
                + " isNull isNotNull and or not like rlike ilike startsWith endsWith contains"
                + " substr cast try_cast as alias asc desc getField getItem when otherwise"
                + " over"),
        Arguments.of(Window.class, "partitionBy orderBy rowsBetween rangeBetween"),
        Arguments.of(WindowSpec.class, "partitionBy orderBy rowsBetween rangeBetween"),
        Arguments.of(
            Functions.class,
            "col lit expr when window explode explode_outer posexplode split count sum avg min max"
                + " upper lower concat coalesce struct array date_trunc row_number rank dense_rank"
                + " percent_rank cume_dist ntile lag lead nth_value"),
        Arguments.of(Row.class, "get getAs getLong getInt getString isNullAt schema size of"),
        Arguments.of(
            DataStreamReader.class,
            "format schema option options load text csv json parquet orc table"),
        Arguments.of(
            DataStreamWriter.class,
            "outputMode trigger queryName format partitionBy option options foreach foreachBatch"
                + " foreachArrow start toTable"),
        Arguments.of(Trigger.class, "ProcessingTime Once AvailableNow Continuous"),
        Arguments.of(OutputMode.class, "Append Update Complete"),
        Arguments.of(
            StreamingQuery.class,
            "id runId name isActive status lastProgress recentProgress explain processAllAvailable"
                + " awaitTermination exception stop"),
        Arguments.of(
            StreamingQueryManager.class,
            "active get awaitAnyTermination resetTerminated addListener removeListener"
                + " listListeners"),
        Arguments.of(
            StreamingQueryListener.class,
            "onQueryStarted onQueryProgress onQueryIdle onQueryTerminated"),
        Arguments.of(
            StreamingQueryProgress.class,
            "id runId name timestamp batchId batchDuration numInputRows inputRowsPerSecond"
                + " processedRowsPerSecond durationMs eventTime stateOperators sources sink"
                + " observedMetrics json prettyJson"),
        Arguments.of(MemoryStream.class, "of addData toDF"),
        Arguments.of(ArrowStream.class, "of append toDF"),
        Arguments.of(StructType.class, "of add fromDDL toDDL treeString"),
        Arguments.of(DataTypes.class, "decimal array map struct"),
        Arguments.of(AnalysisException.class, "condition"));
  }

  @ParameterizedTest
  @MethodSource("names")
  void areThere(Class<?> type, String names) {
    Set<String> found =
        Arrays.stream(type.getMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .map(Method::getName)
            .collect(Collectors.toSet());
    assertThat(found).as(type.getName()).contains(names.split(" ", -1));
  }
}

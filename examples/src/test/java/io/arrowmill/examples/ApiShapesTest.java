package io.arrowmill.examples;

import static io.arrowmill.Functions.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.AnalysisException;
import io.arrowmill.ArrowmillException;
import io.arrowmill.Catalog;
import io.arrowmill.Column;
import io.arrowmill.DataFrame;
import io.arrowmill.Dataset;
import io.arrowmill.GroupedData;
import io.arrowmill.KeyedDataset;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.streaming.ArrowStream;
import io.arrowmill.streaming.DataStreamWriter;
import io.arrowmill.streaming.ForeachWriter;
import io.arrowmill.streaming.GroupStateTimeout;
import io.arrowmill.streaming.MemoryStream;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.streaming.StatefulProcessor;
import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.streaming.StreamingQueryException;
import io.arrowmill.streaming.StreamingQueryListener;
import io.arrowmill.streaming.StreamingQueryManager;
import io.arrowmill.streaming.StreamingQueryProgress;
import io.arrowmill.streaming.StreamingQueryStatus;
import io.arrowmill.streaming.TimeMode;
import io.arrowmill.streaming.Trigger;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The shapes in which programs call the API: what is here must compile. */
@SuppressWarnings({"UnusedMethod", "UnusedVariable", "unused"})
class ApiShapesTest {
  record Event(String name, long count) {}

  @Test
  void builtSessionsAreClosed() {
    try (Session session = Session.builder().appName("shapes").getOrCreate()) {
      assertThat(session.range(0, 3).count()).isEqualTo(3);
    }
  }

  static void sessions(ArrowReader reader) {
    Session session = Session.builder().appName("a").config("arrowmill.workers", "2").getOrCreate();
    DataFrame text = session.sql("SELECT 1");
    DataFrame table = session.table("t");
    DataFrame range = session.range(0, 10).union(session.range(0, 10, 2));
    DataFrame rows = session.createDataFrame(List.of(Row.of(1)), StructType.fromDDL("a INT"));
    DataFrame records = session.createDataFrame(List.of(new Event("a", 1)), Event.class);
    session.conf().set("k", "v");
    String value = session.conf().get("k");
    session.conf().unset("k");
    StreamingQueryManager streams = session.streams();
    List<Catalog.Table> tables = session.catalog().listTables();
    boolean dropped = session.catalog().dropTempView("v") || session.catalog().dropTable("t");
    boolean exists = session.catalog().tableExists("t");
    DataFrame arrow = session.fromArrow(reader);
    DataFrame files = session.read().format("csv").schema("a INT").option("k", "v").load("p");
    session.stop();
    session.close();
  }

  static void frames(DataFrame frame, DataFrame other) {
    DataFrame shaped =
        frame
            .select("a", "b")
            .select(col("a"), lit(1))
            .selectExpr("a + 1")
            .where("a > 1")
            .where(col("a").gt(1))
            .filter("a > 1")
            .filter(col("a").gt(1))
            .withColumn("c", lit(1))
            .withColumns(Map.of("d", lit(1)))
            .withColumnRenamed("c", "e")
            .drop("e")
            .as("x")
            .alias("y")
            .union(other)
            .unionByName(other)
            .distinct()
            .limit(3)
            .orderBy("a")
            .sort(col("a").desc())
            .agg(count(lit(1)));
    GroupedData grouped = frame.groupBy("a", "b");
    grouped = frame.groupBy(col("a"));
    DataFrame joined =
        frame
            .join(other, col("a").equalTo(col("b")), "inner")
            .join(other, "a", "left")
            .join(other, new String[] {"a"}, "left");
    DataFrame streamed =
        frame
            .withWatermark("t", "1 minute")
            .dropDuplicates("a", "b")
            .dropDuplicatesWithinWatermark("a")
            .observe("m", count(lit(1)).as("n"), max("a"))
            .transform(f -> f);
    StructType schema = frame.schema();
    String[] columns = frame.columns();
    frame.printSchema();
    boolean streaming = frame.isStreaming();
    frame.explain();
    frame.explain("extended");
    frame.createOrReplaceTempView("v");
    DataStreamWriter writer = frame.writeStream();
    frame.write().format("parquet").mode("append").save("p");
    frame.show();
    frame.show(10, false);
    List<Row> rows = frame.collect();
    long n = frame.count();
    ArrowReader reader = frame.toArrow();
    DataFrame aggregated =
        grouped
            .agg(sum("a"), avg("b"))
            .union(grouped.agg(Map.of("a", "sum")))
            .union(grouped.count())
            .union(grouped.sum("a"))
            .union(grouped.avg("a"))
            .union(grouped.mean("a"))
            .union(grouped.min("a"))
            .union(grouped.max("a"))
            .union(grouped.pivot("p").count());
  }

  static void typed(DataFrame frame, StatefulProcessor<String, Event, String> processor) {
    Dataset<Event> events = frame.as(Event.class);
    Dataset<String> names = events.map(Event::name, String.class).filter(name -> !name.isEmpty());
    Dataset<String> letters =
        names.flatMap(name -> List.of(name.split("", -1)).iterator(), String.class);
    KeyedDataset<String, Event> keyed = events.groupByKey(Event::name, String.class);
    Dataset<Long> counted =
        keyed.mapGroupsWithState(
            (key, values, state) -> 1L, Long.class, Long.class, GroupStateTimeout.NoTimeout());
    Dataset<Long> many =
        keyed.<Long, Long>flatMapGroupsWithState(
            (key, values, state) -> List.of(1L).iterator(),
            Long.class,
            Long.class,
            OutputMode.Append(),
            GroupStateTimeout.ProcessingTimeTimeout());
    Dataset<String> processed =
        keyed.transformWithState(processor, TimeMode.None(), OutputMode.Update(), String.class);
    DataFrame counts = keyed.count().toDF();
    DataFrame reduced = keyed.reduceGroups((a, b) -> a).toDF();
    DataStreamWriter writer = names.writeStream();
  }

  static void columns(Column a, Column b) {
    List<Column> all =
        List.of(
            a.plus(b),
            a.minus(1),
            a.multiply(b),
            a.divide(2),
            a.mod(b),
            a.equalTo(b),
            a.eqNullSafe(b),
            a.notEqual(b),
            a.gt(b),
            a.geq(b),
            a.lt(b),
            a.leq(b),
            a.between(1, 2),
            a.isin(1, 2),
            a.isNull(),
            a.isNotNull(),
            a.and(b),
            a.or(b),
            not(a),
            a.like("x%"),
            a.rlike("x"),
            a.ilike("X%"),
            a.startsWith("x"),
            a.endsWith("x"),
            a.contains("x"),
            a.substr(1, 2),
            a.cast("INT"),
            a.cast(DataTypes.INTEGER),
            a.try_cast("INT"),
            a.as("x"),
            a.alias("x"),
            a.asc(),
            a.desc(),
            a.getField("f"),
            a.getItem(0),
            when(a, 1).when(b, 2).otherwise(3),
            expr("a + 1"),
            window(a, "1 minute"),
            window(a, "1 minute", "30 seconds"),
            session_window(a, "1 minute"),
            window_time(a),
            explode(a),
            split(a, " "),
            count(a));
  }

  static void rows(Row row) throws Exception {
    Object first = row.get(0);
    String name = row.getAs("name");
    long n = row.getLong(1);
    boolean isNull = row.isNullAt(0);
    StructType schema = row.schema();
    int size = row.size();
    String condition = new AnalysisException("C", "m").condition();
    RuntimeException error = new ArrowmillException("C", "m");
  }

  static void streams(Session session, DataFrame frame, ForeachWriter<Row> rows) throws Exception {
    DataFrame read =
        session
            .readStream()
            .format("csv")
            .schema(StructType.fromDDL("a INT"))
            .schema("a INT")
            .option("k", "v")
            .options(Map.of())
            .load("p");
    DataFrame files = session.readStream().text("p").union(session.readStream().table("t"));
    StreamingQuery query =
        frame
            .writeStream()
            .outputMode(OutputMode.Complete())
            .outputMode("append")
            .trigger(Trigger.ProcessingTime("1 second"))
            .trigger(Trigger.ProcessingTime(Duration.ofSeconds(1)))
            .trigger(Trigger.Once())
            .trigger(Trigger.AvailableNow())
            .trigger(Trigger.Continuous("1 second"))
            .trigger(Trigger.Continuous(Duration.ofSeconds(1)))
            .queryName("q")
            .format("parquet")
            .partitionBy("a")
            .option("k", "v")
            .options(Map.of())
            .foreach(rows)
            .foreachBatch((DataFrame batch, Long id) -> batch.count())
            .foreachArrow((VectorSchemaRoot batch, Long id) -> batch.getRowCount())
            .start("p");
    StreamingQuery table = frame.writeStream().toTable("t");
    UUID id = query.id();
    UUID run = query.runId();
    @Nullable String name = query.name();
    boolean active = query.isActive();
    StreamingQueryStatus status = query.status();
    @Nullable StreamingQueryProgress last = query.lastProgress();
    StreamingQueryProgress[] recent = query.recentProgress();
    query.explain();
    query.explain(true);
    query.processAllAvailable();
    query.awaitTermination();
    boolean ended = query.awaitTermination(1);
    @Nullable StreamingQueryException exception = query.exception();
    query.stop();
  }

  static void manager(StreamingQueryManager manager, StreamingQueryListener listener, UUID id) {
    StreamingQuery[] active = manager.active();
    @Nullable StreamingQuery query = manager.get(id);
    manager.awaitAnyTermination();
    boolean ended = manager.awaitAnyTermination(1);
    manager.resetTerminated();
    manager.addListener(listener);
    manager.removeListener(listener);
    StreamingQueryListener[] listeners = manager.listListeners();
  }

  static void inProcess(Session session, Schema schema, VectorSchemaRoot root) {
    MemoryStream<Event> events = MemoryStream.of(session, Event.class);
    MemoryStream<Row> rows = MemoryStream.of(session, StructType.fromDDL("a INT"));
    events.addData(new Event("a", 1));
    events.addData(List.of(new Event("a", 1)));
    DataFrame frame = events.toDF();
    Dataset<Event> set = events.toDS();
    ArrowStream arrow = ArrowStream.of(session, schema);
    arrow.append(root);
    DataFrame stream = arrow.toDF();
  }

  static void types() {
    List<DataType> all =
        List.of(
            DataTypes.BOOLEAN,
            DataTypes.BYTE,
            DataTypes.SHORT,
            DataTypes.INTEGER,
            DataTypes.LONG,
            DataTypes.FLOAT,
            DataTypes.DOUBLE,
            DataTypes.STRING,
            DataTypes.BINARY,
            DataTypes.DATE,
            DataTypes.TIMESTAMP,
            DataTypes.TIMESTAMP_NTZ,
            DataTypes.NULL,
            DataTypes.decimal(10, 2),
            DataTypes.array(DataTypes.INTEGER),
            DataTypes.map(DataTypes.STRING, DataTypes.INTEGER),
            DataTypes.struct(DataTypes.field("a", DataTypes.INTEGER)),
            DataTypes.dayTimeInterval(),
            DataTypes.yearMonthInterval());
    StructType schema = new StructType().add("a", DataTypes.INTEGER);
    StructType other = StructType.of(new StructField("a", DataTypes.INTEGER, true));
    String text = schema.toDDL() + schema.treeString();
  }
}

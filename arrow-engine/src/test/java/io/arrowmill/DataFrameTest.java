package io.arrowmill;

import static io.arrowmill.Functions.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.arrowmill.analysis.AnalysisConf;
import io.arrowmill.analysis.Analyzer;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.EventTimeWatermark;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.LogicalPlan.LocalRelation;
import io.arrowmill.plan.LogicalPlan.StreamRelation;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.sql.SqlParser;
import io.arrowmill.types.StructType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a transformation gives, told by its schema; names and types as Spark 4.2 gives them. */
final class DataFrameTest {
  private final Plans plans = new Plans();
  private DataFrame people;
  private DataFrame cities;
  private DataFrame events;

  @BeforeEach
  void tables() {
    people = plans.table("id BIGINT NOT NULL, name STRING, age INT, city STRING");
    cities = plans.table("city STRING, population BIGINT");
    events = plans.stream("ts TIMESTAMP, user STRING, price DOUBLE");
    people.createOrReplaceTempView("people");
    cities.createOrReplaceTempView("cities");
    events.createOrReplaceTempView("events");
  }

  @Test
  void selects() {
    assertSchema(
        people.select(col("name"), col("age").plus(1), col("age").plus(1L).as("next")),
        "name STRING,`(age + 1)` INT,next BIGINT");
    assertSchema(people.select("name", "id"), "name STRING,id BIGINT NOT NULL");
    assertSchema(
        people.select(col("*"), lit("x").as("x")).drop("id", "nothing", "age", "city"),
        "name STRING,x STRING NOT NULL");
    assertSchema(
        people.selectExpr("id * 2", "upper(name) AS n"), "`(id * 2)` BIGINT NOT NULL,n STRING");
  }

  @Test
  void addsReplacesAndRenamesColumns() {
    DataFrame two = people.select("id", "name");
    assertSchema(two.withColumn("n", length(col("name"))), "id BIGINT NOT NULL,name STRING,n INT");
    assertSchema(two.withColumn("NAME", lit(1)), "id BIGINT NOT NULL,NAME INT NOT NULL");
    Map<String, Column> swapped = new LinkedHashMap<>();
    swapped.put("id", col("name"));
    swapped.put("name", col("id"));
    assertSchema(two.withColumns(swapped), "id STRING,name BIGINT NOT NULL");
    assertSchema(two.withColumnRenamed("ID", "key"), "key BIGINT NOT NULL,name STRING");
    assertSchema(two.withColumnRenamed("none", "key"), "id BIGINT NOT NULL,name STRING");
    assertSchema(two.toDF("a", "b"), "a BIGINT NOT NULL,b STRING");
    assertThatExceptionOfType(AnalysisException.class).isThrownBy(() -> two.toDF("a"));
  }

  @Test
  void filtersByColumnAndByText() {
    DataFrame byColumn = people.where(col("age").gt(18));
    DataFrame byText = people.filter("age > 18");
    assertThat(byColumn.plan()).isEqualTo(byText.plan());
    assertSchema(byColumn, people.schema().toDDL());
    assertThatExceptionOfType(AnalysisException.class)
        .isThrownBy(() -> people.where("age + 1"))
        .extracting(AnalysisException::condition)
        .isEqualTo("DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN");
  }

  @Test
  void refusesUnknownColumnsAtOnce() {
    assertThatExceptionOfType(AnalysisException.class)
        .isThrownBy(() -> people.select("nme"))
        .withMessageContaining("name")
        .extracting(AnalysisException::condition)
        .isEqualTo("UNRESOLVED_COLUMN.WITH_SUGGESTION");
  }

  @Test
  void groups() {
    assertSchema(people.groupBy("city").count(), "city STRING,count BIGINT NOT NULL");
    assertSchema(
        people.groupBy(col("city")).agg(sum("age"), avg("age").as("mean"), max(col("name"))),
        "city STRING,`sum(age)` BIGINT,mean DOUBLE,`max(name)` STRING");
    assertSchema(
        people.groupBy("city").max("age", "id"), "city STRING,`max(age)` INT,`max(id)` BIGINT");
    assertSchema(people.groupBy("city").sum(), "city STRING,`sum(id)` BIGINT,`sum(age)` BIGINT");
    assertSchema(
        people.groupBy("city").agg(Map.of("*", "count")), "city STRING,`count(1)` BIGINT NOT NULL");
    assertSchema(
        people.groupBy(col("age").plus(1).as("next")).count(), "next INT,count BIGINT NOT NULL");
    assertSchema(people.agg(count("*").as("n"), min("age")), "n BIGINT NOT NULL,`min(age)` INT");
    assertSchema(people.select(sum("age").plus(1)), "`(sum(age) + 1)` BIGINT");
  }

  @Test
  void joins() {
    assertSchema(
        people.select("id", "city").join(cities, "city"),
        "city STRING,id BIGINT NOT NULL,population BIGINT");
    assertSchema(
        people
            .select("id", "city")
            .join(cities, people.col("city").equalTo(cities.col("city")), "right"),
        "id BIGINT,city STRING,city STRING,population BIGINT");
    assertSchema(
        people.select("id", "city").join(cities, new String[] {"city"}, "left_anti"),
        "city STRING,id BIGINT NOT NULL");
    assertSchema(
        cities.crossJoin(cities.toDF("c", "p")), "city STRING,population BIGINT,c STRING,p BIGINT");
    DataFrame joined = people.join(cities, people.col("city").equalTo(cities.col("city")));
    assertSchema(
        joined.drop(cities.col("city")),
        "id BIGINT NOT NULL,name STRING,age INT,city STRING,population BIGINT");
    assertThatExceptionOfType(AnalysisException.class)
        .isThrownBy(() -> joined.select("city"))
        .extracting(AnalysisException::condition)
        .isEqualTo("AMBIGUOUS_REFERENCE");
    assertSchema(
        people.as("p").join(cities.as("c"), expr("p.city = c.city")).select("p.id", "c.*"),
        "id BIGINT NOT NULL,city STRING,population BIGINT");
  }

  @Test
  void colStaysTheColumnOfItsTable() {
    Column left = people.col("city");
    Column right = cities.col("city");
    assertThat(left).isNotEqualTo(right);
    Join join = find(Join.class, people.join(cities, left.equalTo(right)).plan());
    assertThat(join.condition())
        .isInstanceOfSatisfying(
            Call.class,
            call ->
                assertThat(call.arguments())
                    .containsExactly(left.expression(), right.expression()));
  }

  @Test
  void unites() {
    assertSchema(people.select("age").union(people.select("id")), "age BIGINT");
    assertSchema(
        people.select("id", "name").unionByName(people.select("name", "id")),
        "id BIGINT NOT NULL,name STRING");
    assertSchema(
        people.select("id").unionByName(people.select("name"), true), "id BIGINT,name STRING");
    assertThatExceptionOfType(AnalysisException.class)
        .isThrownBy(() -> people.union(cities))
        .extracting(AnalysisException::condition)
        .isEqualTo("NUM_COLUMNS_MISMATCH");
  }

  @Test
  void streams() {
    DataFrame late = events.withWatermark("ts", "10 seconds");
    assertThat(late.isStreaming()).isTrue();
    assertThat(people.isStreaming()).isFalse();
    assertThat(find(EventTimeWatermark.class, late.plan()).delayMicros()).isEqualTo(10_000_000);
    assertThat(late.plan().output().getFirst().isEventTime()).isTrue();
    assertSchema(
        late.groupBy(window(col("ts"), "10 minutes"), col("user")).count(),
        "window STRUCT<start: TIMESTAMP, end: TIMESTAMP> NOT NULL,user STRING,count BIGINT NOT"
            + " NULL");
    DataFrame months = events.withWatermark("ts", "1 month 1 second");
    assertThat(find(EventTimeWatermark.class, months.plan()).delayMicros())
        .isEqualTo((31 * 86_400L + 1) * 1_000_000);
    for (String delay : List.of("-1 second", "-1 month", "soon", "")) {
      assertThatExceptionOfType(AnalysisException.class)
          .as(delay)
          .isThrownBy(() -> events.withWatermark("ts", delay))
          .extracting(AnalysisException::condition)
          .isEqualTo("CANNOT_PARSE_INTERVAL");
    }
  }

  @Test
  void keepsTheSchemaOverRowTransformations() {
    String schema = people.schema().toDDL();
    assertSchema(people.distinct(), schema);
    assertSchema(people.dropDuplicates("city", "age"), schema);
    assertSchema(people.limit(3), schema);
    assertSchema(people.orderBy(col("age").desc(), col("name")), schema);
    assertSchema(people.sort("age", "name"), schema);
    assertSchema(people.transform(table -> table.where("age IS NULL")), schema);
    assertThatExceptionOfType(AnalysisException.class).isThrownBy(() -> people.limit(-1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          SELECT name, age + 1 FROM people | name STRING,`(age + 1)` INT
          SELECT p.*, 1.5 AS x FROM (SELECT id FROM people) p | id BIGINT NOT NULL,x DECIMAL(2,1) NOT NULL
          SELECT people.id FROM people | id BIGINT NOT NULL
          SELECT city, count(*) AS n FROM people GROUP BY city HAVING n > 1 ORDER BY max(age) DESC, n | city STRING,n BIGINT NOT NULL
          SELECT city FROM people GROUP BY city HAVING sum(age) > 10 | city STRING
          SELECT upper(city) AS c, sum(age) AS s FROM people GROUP BY c ORDER BY 2 | c STRING,s BIGINT
          SELECT upper(city), max(id) FROM people GROUP BY 1 | `upper(city)` STRING,`max(id)` BIGINT
          SELECT count(*) FROM people | `count(1)` BIGINT NOT NULL
          SELECT name FROM people ORDER BY age | name STRING
          SELECT DISTINCT city FROM people ORDER BY city | city STRING
          SELECT p.name, c.population FROM people p LEFT JOIN cities c ON p.city = c.city | name STRING,population BIGINT
          SELECT name, population FROM people JOIN cities USING (city) | name STRING,population BIGINT
          SELECT name FROM people LEFT SEMI JOIN cities USING (city) | name STRING
          WITH c AS (SELECT id AS x FROM people) SELECT a.x, b.x AS y FROM c a JOIN c b ON a.x = b.x | x BIGINT NOT NULL,y BIGINT NOT NULL
          SELECT id FROM people UNION ALL SELECT population FROM cities | id BIGINT
          SELECT * FROM VALUES (1, 'a'), (2, NULL) AS v(x, y) | x INT NOT NULL,y STRING
          SELECT x FROM VALUES (1), (2.5) AS v(x) | x DECIMAL(11,1) NOT NULL
          SELECT * FROM range(5) | id BIGINT NOT NULL
          SELECT 1 AS one | one INT NOT NULL
          SELECT window.start, count(*) AS n FROM events GROUP BY window(ts, '10 minutes') | start TIMESTAMP,n BIGINT NOT NULL
          SELECT window, user, max(price) FROM events GROUP BY window(ts, '10 minutes', '5 minutes'), user HAVING window.end > now() ORDER BY window.start | window STRUCT<start: TIMESTAMP, end: TIMESTAMP> NOT NULL,user STRING,`max(price)` DOUBLE
          SELECT user FROM events WATERMARK ts DELAY OF INTERVAL 5 SECONDS | user STRING
          SELECT w FROM people LATERAL VIEW explode(split(name, ' ')) AS w | w STRING NOT NULL
          SELECT k, v FROM people LATERAL VIEW explode(map(name, age)) m AS k, v | k STRING NOT NULL,v INT
          SELECT pos, col FROM people LATERAL VIEW posexplode(array(age)) a | pos INT NOT NULL,col INT
          SELECT posexplode(array(age)) AS (at, years) FROM people | at INT NOT NULL,years INT
          SELECT id, explode(map(name, age)) (k, v) FROM people | id BIGINT NOT NULL,k STRING NOT NULL,v INT
          SELECT explode(array(age)) AS (years) FROM people | years INT
          SELECT city, posexplode(array(max(age), 1)) AS (at, n) FROM people GROUP BY city | city STRING,at INT NOT NULL,n INT
          SELECT explode(array(max(city))) AS c FROM people | c STRING
          SELECT CASE WHEN age > 18 THEN 'adult' END AS kind FROM people | kind STRING
          """)
  void sqlGivesTheColumnsSparkGives(String text, String ddl) {
    assertSchema(new DataFrame(plans, SqlParser.parsePlan(text)), ddl);
  }

  @Test
  void namesTheColumnsOfAGenerator() {
    assertSchema(
        people.select(col("id"), posexplode(array(col("age"))).as(new String[] {"at", "years"})),
        "id BIGINT NOT NULL,at INT NOT NULL,years INT");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "posexplode(array(id)) AS x | UDTF_ALIAS_NUMBER_MISMATCH",
        "posexplode(array(id)) AS (x, y, z) | UDTF_ALIAS_NUMBER_MISMATCH",
        "explode(array(id)) AS (x, y) | UDTF_ALIAS_NUMBER_MISMATCH",
        "id AS (x, y) | MULTI_ALIAS_WITHOUT_GENERATOR",
        "count(explode(array(id))) | UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS",
      })
  void refusesNamesThatDoNotFitTheColumns(String item, String condition) {
    assertThatExceptionOfType(AnalysisException.class)
        .isThrownBy(() -> people.selectExpr(item).schema())
        .withMessageContaining("expression=")
        .extracting(AnalysisException::condition)
        .isEqualTo(condition);
  }

  @Test
  void refusesGeneratorsOutsideOfSelections() {
    assertThatExceptionOfType(AnalysisException.class)
        .isThrownBy(() -> people.orderBy(explode(array(col("id")))).schema())
        .extracting(AnalysisException::condition)
        .isEqualTo("UNSUPPORTED_GENERATOR.OUTSIDE_SELECT");
  }

  @Test
  void refusesJoinsThatDoNotNameTheirColumns() {
    assertThatExceptionOfType(AnalysisException.class)
        .isThrownBy(() -> SqlParser.parsePlan("SELECT * FROM people NATURAL LEFT JOIN events"))
        .withMessageContaining("USING")
        .extracting(AnalysisException::condition)
        .isEqualTo("UNSUPPORTED_FEATURE.NATURAL_JOIN");
  }

  private static void assertSchema(DataFrame table, String ddl) {
    assertThat(table.schema().toDDL()).isEqualTo(ddl);
  }

  private static <T extends LogicalPlan> T find(Class<T> kind, LogicalPlan plan) {
    LogicalPlan node = plan;
    while (!kind.isInstance(node)) {
      node = node.children().getFirst();
    }
    return kind.cast(node);
  }

  /** Analyzes plans and keeps views; runs nothing. */
  private static final class Plans implements QueryEngine {
    private final Map<String, LogicalPlan> views = new HashMap<>();
    private final Analyzer analyzer =
        new Analyzer((name, streaming) -> views.get(name), AnalysisConf.DEFAULT);

    DataFrame table(String ddl) {
      return new DataFrame(this, new LocalRelation(columns(ddl), List.of()));
    }

    DataFrame stream(String ddl) {
      return new DataFrame(
          this, new StreamRelation(0, new SourceSpec("rate", null, Map.of()), columns(ddl)));
    }

    private static List<Attribute> columns(String ddl) {
      return StructType.fromDDL(ddl).fields().stream()
          .map(field -> Attribute.of(field.name(), field.type(), field.nullable()))
          .toList();
    }

    @Override
    public LogicalPlan analyze(LogicalPlan plan) {
      return analyzer.analyze(plan);
    }

    @Override
    public void createTempView(String name, LogicalPlan plan, boolean replace) {
      views.put(name, plan);
    }

    @Override
    public List<Row> collect(LogicalPlan plan) {
      throw new UnsupportedOperationException("plans are not run here");
    }

    @Override
    public ArrowReader toArrow(LogicalPlan plan) {
      throw new UnsupportedOperationException("plans are not run here");
    }

    @Override
    public String explain(LogicalPlan plan, String mode) {
      throw new UnsupportedOperationException("plans are not run here");
    }

    @Override
    public String showString(LogicalPlan plan, int rows, int truncate) {
      throw new UnsupportedOperationException("plans are not run here");
    }
  }
}

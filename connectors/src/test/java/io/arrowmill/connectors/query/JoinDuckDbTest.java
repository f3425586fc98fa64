package io.arrowmill.connectors.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.types.StructType;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The same joins of the same random rows, in the same words, here and in DuckDB. */
class JoinDuckDbTest {
  private static final List<String> KEYS =
      List.of("l.i = r.i", "l.s = r.s", "l.d = r.d", "l.n = r.n", "l.i = r.i AND l.s = r.s");

  @Test
  void joinsAsDuckDbDoes() throws SQLException {
    long seed = System.nanoTime();
    System.out.println("JoinDuckDbTest seed=" + seed);
    Random random = new Random(seed);
    try (Session session = Session.builder().appName("join").getOrCreate();
        Connection duckDb = DriverManager.getConnection("jdbc:duckdb:")) {
      put("l", 700, random, session, duckDb);
      put("r", 300, random, session, duckDb);
      for (String keys : KEYS) {
        for (String residual : List.of("", " AND l.v < r.v")) {
          for (String type : List.of("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN")) {
            check(
                "SELECT l.id, r.id, l.s, r.d FROM l " + type + " r ON " + keys + residual,
                session,
                duckDb);
          }
          String exists = "(SELECT 1 FROM r WHERE " + keys + residual + ")";
          String semi = "SELECT l.id, l.n FROM l LEFT SEMI JOIN r ON " + keys + residual;
          assertThat(rows(semi, session))
              .as("seed=%d %s", seed, semi)
              .isEqualTo(rows("SELECT l.id, l.n FROM l WHERE EXISTS " + exists, duckDb));
          String anti = "SELECT l.id, l.n FROM l LEFT ANTI JOIN r ON " + keys + residual;
          assertThat(rows(anti, session))
              .as("seed=%d %s", seed, anti)
              .isEqualTo(rows("SELECT l.id, l.n FROM l WHERE NOT EXISTS " + exists, duckDb));
        }
      }
    }
  }

  private static void check(String sql, Session session, Connection duckDb) throws SQLException {
    assertThat(rows(sql, session)).as(sql).isEqualTo(rows(sql, duckDb));
  }

  private static void put(String name, int count, Random random, Session session, Connection duckDb)
      throws SQLException {
    List<Row> rows = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      int number = random.nextInt(60);
      double floating = number == 0 ? Double.NaN : number == 1 ? -0.0 : number == 2 ? 0.0 : number;
      rows.add(
          Row.of(
              id,
              orNull(random, random.nextInt(60) - 9),
              orNull(random, "key" + "-".repeat(random.nextInt(2) * 9) + random.nextInt(30)),
              orNull(random, floating),
              orNull(random, (random.nextInt(90) - 4) * 1_000_000_000_007L),
              orNull(random, random.nextInt(50))));
    }
    String columns = "id INT, i INT, s STRING, d DOUBLE, n BIGINT, v INT";
    session.createDataFrame(rows, StructType.fromDDL(columns)).createOrReplaceTempView(name);
    try (Statement statement = duckDb.createStatement();
        PreparedStatement insert = prepared(statement, duckDb, name, columns)) {
      for (Row row : rows) {
        for (int c = 0; c < row.size(); c++) {
          insert.setObject(c + 1, row.get(c));
        }
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static PreparedStatement prepared(
      Statement statement, Connection duckDb, String name, String columns) throws SQLException {
    statement.execute("CREATE TABLE " + name + " (" + columns + ")");
    return duckDb.prepareStatement("INSERT INTO " + name + " VALUES (?, ?, ?, ?, ?, ?)");
  }

  private static @Nullable Object orNull(Random random, Object value) {
    return random.nextInt(12) == 0 ? null : value;
  }

  private static List<String> rows(String sql, Session session) {
    return session.sql(sql).collect().stream().map(JoinDuckDbTest::text).sorted().toList();
  }

  private static String text(Row row) {
    StringBuilder text = new StringBuilder();
    for (int c = 0; c < row.size(); c++) {
      text.append(row.get(c)).append('|');
    }
    return text.toString();
  }

  private static List<String> rows(String sql, Connection duckDb) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = duckDb.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int width = result.getMetaData().getColumnCount();
      while (result.next()) {
        StringBuilder text = new StringBuilder();
        for (int c = 1; c <= width; c++) {
          text.append(result.getObject(c)).append('|');
        }
        rows.add(text.toString());
      }
    }
    return rows.stream().sorted().toList();
  }
}

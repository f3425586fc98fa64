package io.arrowmill.connectors.file;

import static io.arrowmill.Functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.streaming.MemoryStream;
import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The bounded side of a join with a stream, whose files change while the stream runs. */
@Timeout(60)
class StaticSideTest {
  private static final StructType SCHEMA = new StructType().add("k", DataTypes.INTEGER);

  @TempDir Path names;

  @Test
  void isReadAgainByEveryBatch() throws Exception {
    Files.writeString(names.resolve("a.csv"), "1,one\n2,two\n");
    try (Session session = Session.builder().config("arrowmill.workers", 2).getOrCreate()) {
      MemoryStream<Row> stream = MemoryStream.of(session, SCHEMA);
      DataFrame table = session.read().schema("key INT, name STRING").csv(names.toString());
      List<String> rows = new ArrayList<>();
      StreamingQuery query =
          stream
              .toDF()
              .join(table, expr("k = key"), "left_outer")
              .select("k", "name")
              .writeStream()
              .foreachBatch((batch, id) ->
                  batch.collect().forEach(row -> rows.add(row.get(0) + " " + row.get(1))))
              .start();
      assertThat(batch(stream, query, rows)).containsExactly("1 one", "2 two", "3 null");

      Files.writeString(names.resolve("b.csv"), "3,three\n");
      assertThat(batch(stream, query, rows)).as("a new file").contains("3 three");

      Files.writeString(names.resolve("a.csv"), "1,uno\n");
      assertThat(batch(stream, query, rows))
          .as("a file written anew")
          .containsExactly("1 uno", "2 null", "3 three");

      Files.delete(names.resolve("b.csv"));
      assertThat(batch(stream, query, rows))
          .as("a file less")
          .containsExactly("1 uno", "2 null", "3 null");
      query.stop();
    }
  }

  private static List<String> batch(
      MemoryStream<Row> stream, StreamingQuery query, List<String> rows) {
    rows.clear();
    stream.addData(List.of(row(1), row(2), row(3)));
    query.processAllAvailable();
    rows.sort(null);
    return List.copyOf(rows);
  }

  private static Row row(int key) {
    return Row.withSchema(SCHEMA, List.of(key));
  }
}

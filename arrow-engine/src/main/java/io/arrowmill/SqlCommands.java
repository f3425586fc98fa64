package io.arrowmill;

import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.sql.SqlParser;
import io.arrowmill.sql.Statement;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;

/** Runs SQL statements on a session; what a command has to say is a table too. */
final class SqlCommands {
  private static final StructType NOTHING = StructType.of();

  private final Session session;

  SqlCommands(Session session) {
    this.session = session;
  }

  DataFrame run(String text) {
    return switch (SqlParser.parseStatement(text)) {
      case Statement.Query query -> session.dataFrame(query.plan());
      case Statement.Explain explain -> explain(explain);
      case Statement.ShowTables ignored -> showTables();
      case Statement.Describe describe -> describe(describe.name());
      case Statement.CreateView view -> {
        LogicalPlan plan = session.engine().analyze(view.plan());
        session.catalog().putView(view.name(), plan, view.replace());
        yield nothing();
      }
      case Statement.DropView view -> {
        if (!session.catalog().dropTempView(view.name()) && !view.ifExists()) {
          throw new AnalysisException(
              "TABLE_OR_VIEW_NOT_FOUND",
              "view must exist to be dropped: name="
                  + view.name()
                  + ", views="
                  + session.catalog().names()
                  + "; use DROP VIEW IF EXISTS");
        }
        yield nothing();
      }
      case Statement.SetOption option -> set(option);
    };
  }

  private DataFrame nothing() {
    return session.createDataFrame(List.of(), NOTHING);
  }

  private DataFrame explain(Statement.Explain explain) {
    LogicalPlan plan = session.engine().analyze(explain.plan());
    String text = session.engine().explain(plan, explain.extended() ? "extended" : "simple");
    return session.createDataFrame(List.of(Row.of(text)), strings("plan"));
  }

  private DataFrame showTables() {
    List<Row> rows = new ArrayList<>();
    session
        .catalog()
        .listTables()
        .forEach(table -> rows.add(Row.of("", table.name(), table.isTemporary())));
    return session.createDataFrame(
        rows, strings("namespace", "tableName").add("isTemporary", DataTypes.BOOLEAN));
  }

  private DataFrame describe(String name) {
    List<Row> rows = new ArrayList<>();
    for (StructField field : session.table(name).schema().fields()) {
      rows.add(Row.of(field.name(), field.type().sql().toLowerCase(java.util.Locale.ROOT), null));
    }
    return session.createDataFrame(rows, strings("col_name", "data_type", "comment"));
  }

  private DataFrame set(Statement.SetOption option) {
    List<Row> rows = new ArrayList<>();
    String key = option.key();
    String value = option.value();
    if (key == null) {
      session.conf().getAll().forEach((known, set) -> rows.add(Row.of(known, set)));
    } else if (value == null) {
      rows.add(Row.of(key, session.conf().get(key)));
    } else {
      session.conf().set(key, value);
      rows.add(Row.of(key, value));
    }
    return session.createDataFrame(rows, strings("key", "value"));
  }

  private static StructType strings(String... names) {
    StructType schema = NOTHING;
    for (String name : names) {
      schema = schema.add(name, DataTypes.STRING);
    }
    return schema;
  }
}

package io.arrowmill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.arrowmill.types.StructType;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** What must be given and is null is said by name, by the call that it is missing from. */
@SuppressWarnings("NullAway") // this is what is tested
class RequiredArgumentsTest {
  private static final List<BiConsumer<Session, DataFrame>> CALLS =
      List.of(
          (session, stream) -> session.sql(null),
          (session, stream) -> session.conf().set(null, "1"),
          (session, stream) -> session.conf().set("arrowmill.workers", null),
          (session, stream) -> session.readStream().schema((String) null),
          (session, stream) ->
              session.createDataFrame(Arrays.asList(Row.of(1), null), StructType.fromDDL("a INT")),
          (session, stream) -> stream.select((String) null),
          (session, stream) -> stream.where((String) null),
          (session, stream) -> stream.join(null, "value"),
          (session, stream) -> stream.writeStream().format(null),
          (session, stream) -> stream.writeStream().foreach(null),
          (session, stream) -> stream.writeStream().foreachBatch(null),
          (session, stream) -> stream.writeStream().foreachArrow(null));

  @Test
  void areNamedByTheCallThatNeedsThem() {
    try (Session session = Session.builder().appName("required").getOrCreate()) {
      DataFrame stream = session.readStream().format("rate").load();
      for (BiConsumer<Session, DataFrame> call : CALLS) {
        assertThatExceptionOfType(AnalysisException.class)
            .isThrownBy(() -> call.accept(session, stream))
            .withMessageContaining("must be given")
            .satisfies(e -> assertThat(e.condition()).isEqualTo("ARGUMENT_REQUIRED"));
      }
    }
  }
}

package io.arrowmill.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.operator.EventTimeStats;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The query's watermark from those of its sources. */
class WatermarksTest {
  private static final long SECOND = 1_000_000;

  private static EventTimeStats at(long seconds) {
    return new EventTimeStats(1, seconds * SECOND, seconds * SECOND, seconds * SECOND);
  }

  private static Watermarks two(Watermarks.Policy policy, OptionalLong idleMicros) {
    return new Watermarks(List.of(0L, 10 * SECOND), policy, idleMicros, 0);
  }

  @Test
  void leastOfTwoAndNeverBack() {
    Watermarks marks = two(Watermarks.Policy.MIN, OptionalLong.empty());
    marks.advance(List.of(at(100), EventTimeStats.NONE), 1);
    assertThat(marks.currentMicros()).isZero();
    marks.advance(List.of(EventTimeStats.NONE, at(60)), 2);
    assertThat(marks.currentMicros()).isEqualTo(50 * SECOND);
    marks.advance(List.of(at(20), at(30)), 3);
    assertThat(marks.currentMicros()).isEqualTo(50 * SECOND);
  }

  @Test
  void greatestOfTwo() {
    Watermarks marks = two(Watermarks.Policy.MAX, OptionalLong.empty());
    marks.advance(List.of(at(100), EventTimeStats.NONE), 1);
    assertThat(marks.currentMicros()).isEqualTo(100 * SECOND);
  }

  @Test
  void goesOnAfterARestart() {
    Watermarks before = two(Watermarks.Policy.MIN, OptionalLong.empty());
    before.advance(List.of(at(100), at(60)), 1);
    Map<String, String> kept = before.state();
    Watermarks after = two(Watermarks.Policy.MIN, OptionalLong.empty());
    after.restore(before.currentMicros(), kept);
    after.advance(List.of(EventTimeStats.NONE, at(90)), 2);
    assertThat(after.currentMicros()).isEqualTo(80 * SECOND);
  }

  @Test
  void quietSourceIsLeftOutAfterTheTimeout() {
    Watermarks marks = two(Watermarks.Policy.MIN, OptionalLong.of(5 * SECOND));
    marks.advance(List.of(at(100), EventTimeStats.NONE), 4_000);
    assertThat(marks.currentMicros()).isZero();
    marks.tick(4_999);
    assertThat(marks.currentMicros()).isZero();
    marks.tick(5_000); // the second has been quiet since the start, the first for a second
    assertThat(marks.currentMicros()).isEqualTo(100 * SECOND);
    marks.advance(List.of(EventTimeStats.NONE, at(70)), 6_000);
    marks.tick(7_000);
    assertThat(marks.currentMicros()).isEqualTo(100 * SECOND); // never back
    marks.advance(List.of(at(200), at(170)), 20_000);
    assertThat(marks.currentMicros()).isEqualTo(160 * SECOND);
  }

  @Test
  void allQuietMovesNothing() {
    Watermarks marks = two(Watermarks.Policy.MIN, OptionalLong.of(SECOND));
    marks.advance(List.of(at(100), at(60)), 0);
    marks.tick(60_000);
    assertThat(marks.currentMicros()).isEqualTo(50 * SECOND);
  }
}

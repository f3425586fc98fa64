package io.arrowmill.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Groups of horizontal bars as SVG: a picture of a table of ratios. Each group has a mark where its
 * goal is. Lengths are linear from zero; a bar longer than {@code limit} ends there, open, and says
 * its value like all others.
 */
public final class BarChart {
  private static final List<String> COLORS = List.of("#0b6e99", "#f2a541", "#7a7a7a", "#8b5fbf");
  private static final String GOAL_COLOR = "#c0392b";
  private static final int LABEL_WIDTH = 160;
  private static final int PLOT_WIDTH = 620;
  private static final int VALUE_WIDTH = 170;
  private static final int BAR_HEIGHT = 13;
  private static final int GROUP_GAP = 10;
  private static final int HEADER_HEIGHT = 64;

  private final String title;
  private final List<String> series;
  private final double limit;
  private final List<Group> groups = new ArrayList<>();

  private record Group(String label, List<Bar> bars, OptionalDouble goal) {}

  /**
   * A bar of a group.
   *
   * @param value its length; nothing is drawn for NaN
   * @param text what is written behind it
   */
  public record Bar(double value, String text) {}

  /**
   * An empty chart.
   *
   * @param series names of the bars of each group, in order
   * @param limit the greatest value that has room
   */
  public BarChart(String title, List<String> series, double limit) {
    this.title = title;
    this.series = List.copyOf(series);
    this.limit = limit;
  }

  /** Adds a group with one bar for each series. */
  public void add(String label, List<Bar> bars, OptionalDouble goal) {
    groups.add(new Group(label, List.copyOf(bars), goal));
  }

  /** The picture. */
  public String svg() {
    int groupHeight = series.size() * BAR_HEIGHT + GROUP_GAP;
    int bottom = HEADER_HEIGHT + groups.size() * groupHeight;
    int height = bottom + 30;
    int width = LABEL_WIDTH + PLOT_WIDTH + VALUE_WIDTH;
    StringBuilder svg = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\"");
    attributes(svg, "width", width, "height", height, "viewBox", "0 0 " + width + " " + height);
    attributes(svg, "font-family", "sans-serif", "font-size", 12);
    svg.append(">\n");
    rect(svg, "width", width, "height", height, "fill", "white");
    text(svg, title, "x", 12, "y", 22, "font-size", 16);
    legend(svg);
    axis(svg, bottom);
    int top = HEADER_HEIGHT;
    for (Group group : groups) {
      group(svg, group, top);
      top += groupHeight;
    }
    return svg.append("</svg>\n").toString();
  }

  private void legend(StringBuilder svg) {
    int left = LABEL_WIDTH;
    for (int i = 0; i < series.size(); i++) {
      rect(svg, "x", left, "y", 36, "width", 12, "height", 12, "fill", color(i));
      text(svg, series.get(i), "x", left + 17, "y", 46);
      left += 40 + 7 * series.get(i).length();
    }
    if (groups.stream().anyMatch(group -> group.goal().isPresent())) {
      rect(svg, "x", left, "y", 35, "width", 3, "height", 14, "fill", GOAL_COLOR);
      text(svg, "goal", "x", left + 9, "y", 46);
    }
  }

  private void axis(StringBuilder svg, int bottom) {
    int top = HEADER_HEIGHT - 6;
    double step = step();
    for (double value = 0; value <= limit * 1.0001; value += step) {
      int x = x(value);
      rect(svg, "x", x, "y", top, "width", 1, "height", bottom - top, "fill", "#dddddd");
      String number = String.format(Locale.ROOT, step < 1 ? "%.1f" : "%.0f", value);
      text(svg, number, "x", x, "y", bottom + 18, "text-anchor", "middle", "fill", "#555555");
    }
  }

  private double step() {
    double step = Math.pow(10, Math.floor(Math.log10(limit)));
    while (limit / step < 5) {
      step /= 2;
    }
    return step;
  }

  private void group(StringBuilder svg, Group group, int top) {
    int height = series.size() * BAR_HEIGHT;
    int middle = top + height / 2 + 4;
    text(svg, group.label(), "x", LABEL_WIDTH - 10, "y", middle, "text-anchor", "end");
    for (int i = 0; i < group.bars().size(); i++) {
      bar(svg, group.bars().get(i).value(), top + i * BAR_HEIGHT, color(i));
    }
    group
        .goal()
        .ifPresent(goal -> {
          int x = x(goal) - 1;
          rect(svg, "x", x, "y", top - 2, "width", 3, "height", height + 3, "fill", GOAL_COLOR);
        });
    // Last, and on white, since the mark may be where they are.
    for (int i = 0; i < group.bars().size(); i++) {
      valueText(svg, group.bars().get(i), top + i * BAR_HEIGHT + 10);
    }
  }

  private void bar(StringBuilder svg, double value, int y, String color) {
    if (!Double.isNaN(value)) {
      int height = BAR_HEIGHT - 1;
      rect(svg, "x", LABEL_WIDTH, "y", y, "width", length(value), "height", height, "fill", color);
    }
  }

  private void valueText(StringBuilder svg, Bar bar, int y) {
    if (!Double.isNaN(bar.value())) {
      String more = bar.value() > limit ? " \u2192" : "";
      int x = LABEL_WIDTH + length(bar.value()) + 6;
      Object[] onWhite = {
        "x",
        x,
        "y",
        y,
        "font-size",
        11,
        "paint-order",
        "stroke",
        "stroke",
        "white",
        "stroke-width",
        4
      };
      text(svg, bar.text() + more, onWhite);
    }
  }

  private int length(double value) {
    return Math.max(1, x(value) - LABEL_WIDTH);
  }

  private int x(double value) {
    return LABEL_WIDTH + (int) Math.round(Math.min(value, limit) / limit * PLOT_WIDTH);
  }

  private static String color(int index) {
    return COLORS.get(index % COLORS.size());
  }

  private static void rect(StringBuilder svg, Object... attributes) {
    svg.append("<rect");
    attributes(svg, attributes);
    svg.append("/>\n");
  }

  private static void text(StringBuilder svg, String text, Object... attributes) {
    svg.append("<text");
    attributes(svg, attributes);
    svg.append('>')
        .append(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
        .append("</text>\n");
  }

  /** Names and values, in turn. */
  private static void attributes(StringBuilder svg, Object... attributes) {
    for (int i = 0; i < attributes.length; i += 2) {
      svg.append(' ').append(attributes[i]).append("=\"").append(attributes[i + 1]).append('"');
    }
  }
}

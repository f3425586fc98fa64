package io.arrowmill.connector;

import io.arrowmill.AnalysisException;
import io.arrowmill.ArrowmillException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All providers of sources and sinks on the class path, by format. Immutable; may be shared between
 * threads.
 */
public final class Connectors {
  private final Map<String, SourceProvider> sources;
  private final Map<String, SinkProvider> sinks;

  private Connectors(Map<String, SourceProvider> sources, Map<String, SinkProvider> sinks) {
    this.sources = sources;
    this.sinks = sinks;
  }

  /** The providers that {@link ServiceLoader} finds from {@code loader}. */
  public static Connectors load(ClassLoader loader) {
    return new Connectors(
        byFormat(ServiceLoader.load(SourceProvider.class, loader), SourceProvider::formats),
        byFormat(ServiceLoader.load(SinkProvider.class, loader), SinkProvider::formats));
  }

  /** The providers that {@link ServiceLoader} finds from the class loader of the engine itself. */
  public static Connectors load() {
    return load(Connectors.class.getClassLoader());
  }

  /**
   * The source of that name, in any case.
   *
   * @throws AnalysisException with condition {@code DATA_SOURCE_NOT_FOUND} that lists the known
   *     names
   */
  public SourceProvider source(String format) {
    return find("source", format, sources, sinks.keySet());
  }

  /**
   * The sink of that name, in any case.
   *
   * @throws AnalysisException with condition {@code DATA_SOURCE_NOT_FOUND} that lists the known
   *     names
   */
  public SinkProvider sink(String format) {
    return find("sink", format, sinks, sources.keySet());
  }

  /** The formats that can be read, sorted. */
  public Set<String> sourceFormats() {
    return sources.keySet();
  }

  /** The formats that can be written, sorted. */
  public Set<String> sinkFormats() {
    return sinks.keySet();
  }

  private static <P> P find(
      String kind, String format, Map<String, P> providers, Set<String> otherKind) {
    @Nullable P provider = providers.get(format.toLowerCase(Locale.ROOT));
    if (provider != null) {
      return provider;
    }
    String remedy =
        otherKind.contains(format.toLowerCase(Locale.ROOT))
            ? "it is a " + (kind.equals("source") ? "sink" : "source") + " only"
            : "use a known one, or add the jar of its connector to the class path";
    throw new AnalysisException(
        "DATA_SOURCE_NOT_FOUND",
        "format of a "
            + kind
            + " must be known: format="
            + format
            + ", known="
            + providers.keySet()
            + "; "
            + remedy);
  }

  private static <P> Map<String, P> byFormat(
      Iterable<P> providers, Function<P, Set<String>> formats) {
    Map<String, P> found = new TreeMap<>();
    for (P provider : providers) {
      for (String format : formats.apply(provider)) {
        P other = found.putIfAbsent(format, provider);
        if (other != null) {
          throw new ArrowmillException(
              "DATA_SOURCE_AMBIGUOUS",
              "a format must have one provider: format="
                  + format
                  + ", providers="
                  + other.getClass().getName()
                  + ", "
                  + provider.getClass().getName()
                  + "; leave one of their jars out");
        }
      }
    }
    return java.util.Collections.unmodifiableMap(new LinkedHashMap<>(found));
  }
}

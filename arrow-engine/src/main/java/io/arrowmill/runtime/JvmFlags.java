package io.arrowmill.runtime;

import io.arrowmill.ArrowmillException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.LoggerFactory;

/**
 * The flags a JVM must be started with: memory by address for Arrow, mapped files for the log, the
 * Vector API for the kernels. Their one list is the file {@code jvm.flags}, packed into the jar.
 *
 * <p>Run as a program, prints that file: {@code java -cp arrowmill-engine.jar
 * io.arrowmill.runtime.JvmFlags > jvm.flags}.
 */
public final class JvmFlags {
  private static final String RESOURCE = "/io/arrowmill/jvm.flags";

  // What only makes things faster.
  private static final String PROPERTY = "-D";
  private static final String COMPILER = "-XX:";

  private static final String ADD_MODULES = "--add-modules=";
  private static final String ADD_EXPORTS = "--add-exports=";
  private static final String ADD_OPENS = "--add-opens=";
  private static final String NATIVE_ACCESS = "--enable-native-access=";
  private static final String UNSAFE_MEMORY = "--sun-misc-unsafe-memory-access=";
  private static final AtomicBoolean SAID_SCALAR = new AtomicBoolean();

  private JvmFlags() {}

  /** Prints the flags, one a line. */
  public static void main(String[] args) {
    all().forEach(System.out::println);
  }

  /** All flags, in the file's order. */
  public static List<String> all() {
    try (InputStream in = JvmFlags.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new ArrowmillException(
            "INTERNAL_ERROR", "the jar must hold the list of JVM flags: resource=" + RESOURCE);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The flags that this JVM was not started with and can't do without, in the file's order. */
  public static List<String> missing() {
    return all().stream()
        .filter(flag -> !flag.startsWith(PROPERTY) && !flag.startsWith(COMPILER))
        .filter(flag -> !flag.startsWith(ADD_MODULES) && !isEffective(flag))
        .toList();
  }

  /**
   * Checks the running JVM. Says once, in the log, if kernels will run without vector lanes.
   *
   * @throws ArrowmillException with condition {@code JVM_FLAGS_MISSING} that lists what is missing
   */
  public static void check() {
    List<String> missing = missing();
    if (!missing.isEmpty()) {
      throw new ArrowmillException(
          "JVM_FLAGS_MISSING",
          "the JVM must be started with flags that it lacks; add these to the java command: "
              + String.join(" ", missing)
              + " (all of Arrowmill's flags are in the file jvm.flags: java @jvm.flags ...)");
    }
    List<String> modules = all().stream().filter(flag -> flag.startsWith(ADD_MODULES)).toList();
    for (String flag : modules) {
      if (!isEffective(flag) && SAID_SCALAR.compareAndSet(false, true)) {
        LoggerFactory.getLogger(JvmFlags.class)
            .warn("kernels run as scalar loops, without vector lanes; start java with {}", flag);
      }
    }
  }

  /** Whether the JVM has the module that vector lanes need. */
  public static boolean hasVectorModule() {
    return all().stream()
        .filter(flag -> flag.startsWith(ADD_MODULES))
        .allMatch(JvmFlags::isEffective);
  }

  private static boolean isEffective(String flag) {
    Module own = JvmFlags.class.getModule();
    if (flag.startsWith(ADD_MODULES)) {
      return ModuleLayer.boot().findModule(flag.substring(ADD_MODULES.length())).isPresent();
    }
    if (flag.startsWith(ADD_OPENS)) {
      Target target = Target.parse(flag, ADD_OPENS);
      return target.module().isOpen(target.name(), own);
    }
    if (flag.startsWith(ADD_EXPORTS)) {
      Target target = Target.parse(flag, ADD_EXPORTS);
      return target.module().isExported(target.name(), own);
    }
    if (flag.startsWith(NATIVE_ACCESS)) {
      return own.isNativeAccessEnabled();
    }
    if (flag.startsWith(UNSAFE_MEMORY)) {
      // The launcher hands the flag on as this property; so does Netty learn of it.
      String mode = System.getProperty("sun.misc.unsafe.memory.access");
      return flag.substring(UNSAFE_MEMORY.length()).equals(mode);
    }
    throw new ArrowmillException(
        "INTERNAL_ERROR", "every flag in jvm.flags must be one that can be checked: flag=" + flag);
  }

  /** The package a flag like {@code --add-opens=java.base/java.nio=ALL-UNNAMED} is about. */
  private record Target(Module module, String name) {
    static Target parse(String flag, String prefix) {
      String path = flag.substring(prefix.length(), flag.lastIndexOf('='));
      int slash = path.indexOf('/');
      return new Target(
          ModuleLayer.boot().findModule(path.substring(0, slash)).orElseThrow(),
          path.substring(slash + 1));
    }
  }
}

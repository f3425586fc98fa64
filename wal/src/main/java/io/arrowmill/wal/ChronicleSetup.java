package io.arrowmill.wal;

import java.util.ArrayList;
import java.util.List;

/** What must be so in this JVM before the first class of Chronicle does any work. */
final class ChronicleSetup {

  private static final List<String> OPENED = List.of("java.lang.reflect");
  private static final List<String> EXPORTED = List.of("jdk.internal.ref", "sun.nio.ch");

  private ChronicleSetup() {}

  /**
   * Checks the JVM's flags, then keeps Chronicle from talking: no analytics, no banners, no lines
   * below warnings.
   */
  static void prepare() {
    List<String> missing = missingFlags(Object.class.getModule(), WriteAheadLog.class.getModule());
    if (!missing.isEmpty()) {
      throw new JvmFlagsMissingException(
          "JVM must let the log map files into memory; start it with these flags too: "
              + String.join(" ", missing));
    }
    setUnlessSet("chronicle.analytics.disable", "true");
    setUnlessSet("chronicle.announcer.disable", "true");
    setUnlessSet("chronicle.disk.monitor.disable", "true");
    setUnlessSet("disable.perf.info", "true");
    setUnlessSet("org.slf4j.simpleLogger.log.net.openhft", "warn");
  }

  /** The flags that {@code user} lacks of what {@code base} has to open or export to it. */
  static List<String> missingFlags(Module base, Module user) {
    List<String> missing = new ArrayList<>();
    for (String name : OPENED) {
      if (!base.isOpen(name, user)) {
        missing.add("--add-opens=java.base/" + name + "=ALL-UNNAMED");
      }
    }
    for (String name : EXPORTED) {
      if (!base.isExported(name, user)) {
        missing.add("--add-exports=java.base/" + name + "=ALL-UNNAMED");
      }
    }
    return missing;
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}

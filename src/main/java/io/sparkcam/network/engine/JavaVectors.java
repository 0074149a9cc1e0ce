package io.sparkcam.network.engine;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.sparkcam.network.engine.winograd.WinogradTrunk;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this JVM computes quickly with Java's vectors, an incubating module: it must be started
 * with {@code --add-modules=jdk.incubator.vector}, have registers of at least 256 bits (narrower
 * ones were not measured) and compile with HotSpot's C2.
 */
final class JavaVectors {
  /** For tests: {@code true} or {@code false} in place of what this JVM has. */
  private static final String FORCED = "sparkcam.vectors";

  private static final String MODULE = "jdk.incubator.vector";
  private static final int BITS = 256;

  private JavaVectors() {}

  /** Found out once in a JVM; where they are missing, a warning says what helps. */
  static boolean areHere() {
    return Found.HERE;
  }

  private static String missing() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return "Java was started without --add-modules="
          + MODULE
          + " (spark.driver.extraJavaOptions, spark.executor.extraJavaOptions)";
    }
    HotSpotDiagnosticMXBean hotSpot =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (hotSpot == null || !hotSpot.getVMOption("TieredStopAtLevel").getValue().equals("4")) {
      return "Java does not compile with HotSpot's C2 (-XX:TieredStopAtLevel=4)";
    }
    return WinogradTrunk.vectorBits() < BITS
        ? "this machine's vector registers have %s bits, %s are needed"
            .formatted(WinogradTrunk.vectorBits(), BITS)
        : "";
  }

  private static final class Found {
    private static final Logger LOG = LoggerFactory.getLogger(JavaVectors.class);
    static final boolean HERE = find();

    private static boolean find() {
      String forced = System.getProperty(FORCED);
      if (forced != null) {
        return Boolean.parseBoolean(forced);
      }
      String missing = missing();
      if (!missing.isEmpty()) {
        LOG.warn("DL4J's own layers compute, about 13 times slower: {}", missing);
      }
      return missing.isEmpty();
    }
  }
}

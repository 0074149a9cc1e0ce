package io.sparkcam.network;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.sparkcam.network.onednn.OneDnnTrunk;
import io.sparkcam.network.winograd.WinogradTrunk;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@link TrunkEngine}s there are, the fastest first. */
public enum FastEngine {
  /**
   * In Java's vectors, which are quick only if HotSpot's C2 compiles them. Not measured, so not
   * used, where registers are narrower than 256 bits.
   */
  WINOGRAD {
    private static final String MODULE = "jdk.incubator.vector";
    private static final int BITS = 256;

    @Override
    boolean isHere() {
      if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
        Fastest.LOG.info("oneDNN does the work: Java was started without --add-modules={}", MODULE);
        return false;
      }
      return compilesWithC2() && WinogradTrunk.vectorBits() >= BITS;
    }

    private static boolean compilesWithC2() {
      HotSpotDiagnosticMXBean hotSpot =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return hotSpot != null && hotSpot.getVMOption("TieredStopAtLevel").getValue().equals("4");
    }

    @Override
    public TrunkEngine create(Trunk trunk, TrunkEngine.Layout layout) {
      return new WinogradTrunk(trunk, layout);
    }
  },
  /** A native library. */
  ONEDNN {
    @Override
    boolean isHere() {
      try {
        OneDnnTrunk.load();
        return true;
      } catch (LinkageError e) {
        Fastest.LOG.warn(
            "oneDNN cannot be loaded, DL4J's own layers do the work: {}", e.toString());
        return false;
      }
    }

    @Override
    public TrunkEngine create(Trunk trunk, TrunkEngine.Layout layout) {
      return new OneDnnTrunk(trunk, layout);
    }
  };

  /** The fastest that runs here, if any does. */
  public static Optional<FastEngine> fastest() {
    return Fastest.HERE;
  }

  abstract boolean isHere();

  /** An engine for {@code trunk}. */
  public abstract TrunkEngine create(Trunk trunk, TrunkEngine.Layout layout);

  /** Found out, and said, once in a JVM. */
  private static final class Fastest {
    private static final Logger LOG = LoggerFactory.getLogger(FastEngine.class);
    static final Optional<FastEngine> HERE =
        Stream.of(values()).filter(FastEngine::isHere).findFirst();
  }
}

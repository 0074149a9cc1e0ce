package io.sparkcam.network;

import io.sparkcam.network.onednn.OneDnnTrunk;
import io.sparkcam.network.winograd.WinogradTrunk;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@link TrunkEngine}s there are, the fastest first. */
public enum FastEngine {
  /** In Java's vectors. Where registers are narrower than 512 bits, oneDNN is faster. */
  WINOGRAD {
    private static final int BITS = 512;

    @Override
    boolean isHere() {
      // Incubating, so it is here only where the command line of the JVM says so.
      return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
          && WinogradTrunk.vectorBits() >= BITS;
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

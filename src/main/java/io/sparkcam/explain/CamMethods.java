package io.sparkcam.explain;

import java.util.Locale;
import java.util.Map;

/** The methods that there are, by the names that {@code --method} takes. */
public enum CamMethods {
  CAM(new ClassicCam());

  /** The setting that chooses one. */
  public static final String SETTING = "method";

  @SuppressWarnings("ImmutableEnumChecker") // methods have no state
  private final CamMethod method;

  CamMethods(CamMethod method) {
    this.method = method;
  }

  public CamMethod method() {
    return method;
  }

  /**
   * The one that a run was made with.
   *
   * @param settings of the run, by key; those of runs that could not choose say nothing
   * @throws IllegalArgumentException if there is no such method
   */
  public static CamMethods of(Map<String, String> settings) {
    return valueOf(settings.getOrDefault(SETTING, "cam").toUpperCase(Locale.ROOT));
  }
}

package io.sparkcam.explain;

/** The methods that there are, by the names that {@code --method} takes. */
public enum CamMethods {
  CAM(new ClassicCam()),
  GRADCAM(GradientCam.GRAD_CAM),
  LAYERCAM(GradientCam.LAYER_CAM),
  HIRESCAM(GradientCam.HI_RES_CAM),
  GRADCAMPP(GradientCam.GRAD_CAM_PLUS_PLUS);

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
}

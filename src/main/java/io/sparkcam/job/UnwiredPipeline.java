package io.sparkcam.job;

/** Stands where the pipeline will be: every command fails. */
final class UnwiredPipeline implements Pipeline {
  @Override
  public void run(Settings settings) {
    throw unwired("run");
  }

  @Override
  public void train(Settings settings) {
    throw unwired("train");
  }

  @Override
  public void explain(Settings settings, String model) {
    throw unwired("explain");
  }

  @Override
  public void report(Settings settings, String run) {
    throw unwired("report");
  }

  @Override
  public void showCam(Settings settings, String run, int index) {
    throw unwired("show-cam");
  }

  @Override
  public void showCam(Settings settings, String run, int index, int shownClass) {
    throw unwired("show-cam");
  }

  @Override
  public void showMaps(Settings settings, String run, int predictedClass, int count) {
    throw unwired("show-maps");
  }

  @Override
  public void showImage(Settings settings, String run, int index) {
    throw unwired("show-image");
  }

  @Override
  public void summary(Settings settings) {
    throw unwired("summary");
  }

  @Override
  public void verify(Settings settings, String run) {
    throw unwired("verify");
  }

  @Override
  public void locateData(Settings settings) {
    throw unwired("locate-data");
  }

  private static IllegalStateException unwired(String command) {
    return new IllegalStateException(command + " is not wired yet");
  }
}

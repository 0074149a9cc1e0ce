package io.sparkcam.inputs;

import io.sparkcam.network.CamNetwork;
import io.sparkcam.run.RunDirectory;
import java.util.Optional;

/**
 * A model that is to explain images.
 *
 * @param parameters as the network lays them out
 * @param fileName under which a run keeps it: {@link ModelFile#DL4J} or {@link ModelFile#ONNX}
 * @param content of that file
 * @param engine what computes it, and why, where that is not for the settings to decide
 */
public record ExplainableModel(
    CamNetwork network,
    float[] parameters,
    String fileName,
    RunDirectory.Content content,
    Optional<String> engine) {}

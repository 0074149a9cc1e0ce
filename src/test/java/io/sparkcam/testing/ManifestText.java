package io.sparkcam.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.UnaryOperator;

/** Manifests that say what they should not, and whose SHA-256 is right nevertheless. */
public final class ManifestText {
  private ManifestText() {}

  /** Edits the manifest of a run. */
  public static void edit(Path run, UnaryOperator<String> edit) throws IOException {
    Path manifest = run.resolve("manifest.json");
    Files.writeString(manifest, signed(edit.apply(Files.readString(manifest))));
  }

  /** The text with the SHA-256 of what it says. */
  public static String signed(String manifest) {
    String content = manifest.replaceFirst("(?s),\n  \"sha256\" : \"[0-9a-f]*\"\n\\}\n$", "");
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(UTF_8));
      return content + ",\n  \"sha256\" : \"" + HexFormat.of().formatHex(digest) + "\"\n}\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}

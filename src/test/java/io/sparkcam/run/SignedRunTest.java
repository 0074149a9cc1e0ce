package io.sparkcam.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of RFC 8032, section 7.1, tests 1 and 2, in PEM. */
class SignedRunTest {
  private static final String PRIVATE =
      "302e020100300506032b657004220420"
          + "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
  private static final String PUBLIC =
      "302a300506032b6570032100"
          + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
  private static final String OTHER =
      "302a300506032b6570032100"
          + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";

  @TempDir Path directory;

  private String pem(String kind, String hex) throws IOException {
    String body = Base64.getMimeEncoder().encodeToString(java.util.HexFormat.of().parseHex(hex));
    String text = "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(kind, body);
    return Files.writeString(directory.resolve(hex.substring(60)), text).toString();
  }

  private void require(String keyFile) throws IOException {
    org.apache.hadoop.fs.Path run =
        new org.apache.hadoop.fs.Path(directory.resolve("sample").toString());
    ManifestSignature.require(run, keyFile, SampleRun.CONFIGURATION);
  }

  private String refused(String keyFile) {
    return assertThrows(IOException.class, () -> require(keyFile)).getMessage();
  }

  @Test
  void onlyTheOwnersSignatureOfTheManifestAsItIsCounts() throws IOException {
    try (RunDirectory run =
        RunDirectory.begin(directory.toString(), "sample", SampleRun.CONFIGURATION)) {
      run.sign(ManifestSignature.privateKey(pem("PRIVATE KEY", PRIVATE)));
      run.publish(SampleRun.manifest(run, List.of()), (staged, manifest) -> {});
    }
    String key = pem("PUBLIC KEY", PUBLIC);
    require(key);
    String other = pem("PUBLIC KEY", OTHER);
    Path signature = directory.resolve("sample/manifest.json.sig");
    assertEquals(
        signature + ": is not the signature of manifest.json by the owner of " + other,
        refused(other));

    Path manifest = directory.resolve("sample/manifest.json");
    String own = Files.readString(manifest);
    Files.writeString(manifest, own.replace("0.875", "0.975"));
    assertTrue(refused(key).contains("is not the signature"));
    Files.writeString(manifest, own);
    Files.writeString(signature, "?");
    assertTrue(refused(key).startsWith(signature + ": is no signature: "));
    Files.delete(signature);
    assertEquals(signature + ": not found, expected in a signed run", refused(key));
    assertTrue(
        refused(manifest.toString()).endsWith("no PUBLIC KEY in PEM, expected one of Ed25519"));
  }
}

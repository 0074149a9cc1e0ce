package io.sparkcam.run;

import io.sparkcam.storage.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Who made a run: an Ed25519 signature (RFC 8032) of the bytes of its manifest, which holds the
 * SHA-256 of every other file. It lies beside the manifest, in base 64. Keys are PEM files as
 * {@code openssl genpkey -algorithm ed25519} and {@code openssl pkey -pubout} write them.
 */
public final class ManifestSignature {
  /** Its file in a run. */
  public static final String NAME = Manifest.NAME + ".sig";

  private static final String ALGORITHM = "Ed25519";
  private static final int MOST_BYTES = 1 << 16;

  private ManifestSignature() {}

  /** A key's bytes in a form that Java reads. */
  @FunctionalInterface
  private interface Reading<K> {
    K key(KeyFactory factory, byte[] encoded) throws GeneralSecurityException;
  }

  /** Reads the key that signs. */
  public static PrivateKey privateKey(String file) throws IOException {
    return key(
        file,
        "PRIVATE KEY",
        (factory, encoded) -> factory.generatePrivate(new PKCS8EncodedKeySpec(encoded)));
  }

  private static PublicKey publicKey(String file) throws IOException {
    return key(
        file,
        "PUBLIC KEY",
        (factory, encoded) -> factory.generatePublic(new X509EncodedKeySpec(encoded)));
  }

  private static <K> K key(String file, String kind, Reading<K> reading) throws IOException {
    String text;
    try (InputStream in = Files.newInputStream(java.nio.file.Path.of(file))) {
      text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.US_ASCII);
    }
    String pem = "-----BEGIN %1$s-----\\s+([A-Za-z0-9+/=\\s]+)-----END %1$s-----".formatted(kind);
    Matcher found = Pattern.compile(pem).matcher(text);
    try {
      if (found.find()) {
        byte[] encoded = Base64.getMimeDecoder().decode(found.group(1));
        return reading.key(KeyFactory.getInstance(ALGORITHM), encoded);
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          "%s: no %s of %s: %s".formatted(file, kind, ALGORITHM, e.getMessage()), e);
    }
    throw new IOException("%s: no %s in PEM, expected one of %s".formatted(file, kind, ALGORITHM));
  }

  /** The content of the file beside a manifest. */
  static byte[] of(byte[] manifest, PrivateKey key) throws IOException {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(manifest);
      String text = Base64.getEncoder().encodeToString(signature.sign()) + "\n";
      return text.getBytes(StandardCharsets.US_ASCII);
    } catch (GeneralSecurityException e) {
      throw new IOException("the manifest cannot be signed: " + e.getMessage(), e);
    }
  }

  /**
   * Checks who signed a run.
   *
   * @param keyFile of the public key
   * @throws IOException unless the owner of the key signed the manifest as it is
   */
  public static void require(Path run, String keyFile, Configuration configuration)
      throws IOException {
    PublicKey key = publicKey(keyFile);
    FileSystem files = Storage.of(run, configuration);
    byte[] manifest = read(files, new Path(run, Manifest.NAME));
    Path file = new Path(run, NAME);
    String given = new String(read(files, file), StandardCharsets.US_ASCII).strip();
    boolean right;
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(key);
      signature.update(manifest);
      right = signature.verify(Base64.getDecoder().decode(given));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(Storage.name(file) + ": is no signature: " + e.getMessage(), e);
    }
    if (!right) {
      throw new IOException(
          "%s: is not the signature of %s by the owner of %s"
              .formatted(Storage.name(file), Manifest.NAME, keyFile));
    }
  }

  private static byte[] read(FileSystem files, Path file) throws IOException {
    try (InputStream in = files.open(file)) {
      return in.readNBytes(Manifest.MOST_BYTES);
    } catch (FileNotFoundException e) {
      throw new IOException(Storage.name(file) + ": not found, expected in a signed run", e);
    }
  }
}

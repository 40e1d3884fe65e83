package dev.lariat.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Certificates for tests, made by the JDK's keytool. */
final class Certificates {
  private static final char[] PASSWORD = "secret".toCharArray();
  private static Path directory;

  private Certificates() {}

  /** For localhost and the loopback addresses. */
  static Path good() {
    return pem("good", "key", "-ext", "san=dns:localhost,ip:127.0.0.1,ip:::1");
  }

  static Path forAnotherHost() {
    return pem("other", "key", "-ext", "san=dns:example.org");
  }

  /** Signed by {@link #authority}. */
  static Path expired() {
    authority();
    return pem(
        "authority",
        "expired",
        "-signer",
        "key",
        "-ext",
        "san=dns:localhost,ip:127.0.0.1",
        "-startdate",
        "2020/01/01",
        "-validity",
        "10");
  }

  static Path authority() {
    return pem("authority", "key");
  }

  /** A server with the good one. */
  static Tls serverTls() throws IOException {
    return serverTls(good());
  }

  static Tls serverTls(Path certificate) throws IOException {
    return Tls.server(certificate, keyOf(certificate));
  }

  /** A client that trusts it. */
  static Tls clientTls() throws IOException {
    return Tls.clientTrusting(good());
  }

  static Path keyOf(Path certificate) {
    return certificate.resolveSibling(certificate.getFileName() + ".key");
  }

  /** The certificate of an entry of a key store, which is made if it is not there. */
  private static synchronized Path pem(String store, String alias, String... options) {
    try {
      if (directory == null) {
        directory = Files.createTempDirectory("certificates");
        directory.toFile().deleteOnExit();
      }
      Path certificate = directory.resolve(store + "-" + alias + ".pem");
      if (!Files.exists(certificate)) {
        make(directory.resolve(store + ".p12"), alias, certificate, options);
      }
      return certificate;
    } catch (Exception error) {
      throw new AssertionError(error);
    }
  }

  private static void make(Path store, String alias, Path certificate, String... options)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "bc=ca:true",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD)));
    command.addAll(List.of(options));
    Process keytool = new ProcessBuilder(command).inheritIO().start();
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool failed");
    }
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    Certificate made = keys.getCertificate(alias);
    Key key = keys.getKey(alias, PASSWORD);
    write(certificate, "CERTIFICATE", made.getEncoded());
    write(keyOf(certificate), "PRIVATE KEY", key.getEncoded());
    store.toFile().deleteOnExit();
  }

  private static void write(Path file, String what, byte[] data) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(data);
    Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    file.toFile().deleteOnExit();
  }
}

package ai.proompteng.jangar.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The key and self-signed certificate of the embedded API server: kubectl sends tokens over TLS
 * only. Made by the JDK's keytool at each start.
 */
record Certificate(Path keyStore, String password, String pem) {
  private static final String ALIAS = "jangar";
  private static final long KEYTOOL_SECONDS = 60;

  /**
   * Makes one for 127.0.0.1 and localhost.
   *
   * @param keyStore where the key goes; the folder is its owner's alone
   */
  static Certificate make(Path keyStore, String password) throws IOException {
    Files.deleteIfExists(keyStore);
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var options =
        "-genkeypair -alias %s -keyalg EC -groupname secp256r1 -validity 365 -storetype PKCS12"
            + " -dname CN=localhost -ext san=ip:127.0.0.1,dns:localhost -ext bc:c=ca:true";
    var command = new java.util.ArrayList<>(List.of(keytool));
    command.addAll(List.of(options.formatted(ALIAS).split(" ")));
    command.addAll(List.of("-keystore", keyStore.toString(), "-storepass:env", "STORE_PASSWORD"));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("STORE_PASSWORD", password);
    var process = builder.start();
    try {
      var said = new String(process.getInputStream().readAllBytes());
      if (!process.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("keytool: " + said);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException(stopped);
    }
    return new Certificate(keyStore, password, pem(keyStore, password));
  }

  private static String pem(Path keyStore, String password) throws IOException {
    try {
      var store = KeyStore.getInstance(keyStore.toFile(), password.toCharArray());
      var der = store.getCertificate(ALIAS).getEncoded();
      return "-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
          + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException broken) {
      throw new IOException(broken);
    }
  }
}

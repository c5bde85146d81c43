package ai.proompteng.jangar.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A certificate authority of its own, and a server's certificate for localhost that it has signed.
 *
 * @param certificate the authority's, as PEM
 * @param serverCertificate the server's, as PEM
 * @param serverKey the server's key, as PEM, its owner's alone
 */
public record Authority(Path certificate, Path serverCertificate, Path serverKey) {
  private static final String PASSWORD = "of-this-test";

  /** Makes one, by the JDK's keytool. */
  public static Authority in(Path folder) throws IOException {
    Files.createDirectories(folder);
    var store = folder.resolve("store.p12");
    keytool(store, "-alias", "ca", "-dname", "CN=authority", "-ext", "bc:c=ca:true");
    keytool(
        store,
        "-alias",
        "server",
        "-dname",
        "CN=localhost",
        "-signer",
        "ca",
        "-ext",
        "san=dns:localhost");
    try {
      var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
      var key = keys.getKey("server", PASSWORD.toCharArray()).getEncoded();
      var made =
          new Authority(
              pem(folder, "ca.crt", "CERTIFICATE", keys.getCertificate("ca").getEncoded()),
              pem(folder, "tls.crt", "CERTIFICATE", keys.getCertificate("server").getEncoded()),
              pem(folder, "tls.key", "PRIVATE KEY", key));
      Files.setPosixFilePermissions(made.serverKey, PosixFilePermissions.fromString("rw-------"));
      return made;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static void keytool(Path store, String... options) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1"));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of("-keystore", store.toString()));
    command.addAll(List.of(options));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes());
    try {
      if (process.waitFor() != 0) {
        throw new IOException("keytool: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static Path pem(Path folder, String name, String what, byte[] der) throws IOException {
    var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        folder.resolve(name),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, text, what));
  }
}

package ai.proompteng.jangar.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.stream.Stream;

/**
 * The folder of local mode ({@code .jangar/}). Made anew at each start; refused when it holds what
 * is not ours, or when a live start uses it (decision 50).
 */
final class LocalFolder implements AutoCloseable {
  private static final String MARKER = ".made-by-jangar";
  private static final String LOCK = ".lock";
  private static final int SECRET_BYTES = 32;

  private final Path path;
  private final FileChannel channel;
  private final FileLock lock;

  private LocalFolder(Path path, FileChannel channel, FileLock lock) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Takes the folder and empties it; what an earlier start left running in it is stopped first.
   *
   * @throws Refused when it is not ours to empty, or is in use
   */
  static LocalFolder open(Path path) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !ours(path)) {
      throw new Refused(
          path
              + " holds what is not Jangar's: choose another with JANGAR_LOCAL_DIR (-Djangar.dir)");
    }
    Files.createDirectories(path);
    ownerOnly(path, "rwx------");
    if (!Files.exists(path.resolve(MARKER))) {
      Files.writeString(path.resolve(MARKER), "Local mode deletes this folder's content.\n");
    }
    var channel =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    var lock = lock(channel);
    if (lock == null) {
      channel.close();
      throw new Refused(
          path
              + " is used by a running start: choose another with JANGAR_LOCAL_DIR (-Djangar.dir)");
    }
    var folder = new LocalFolder(path, channel, lock);
    Leftovers.stop(path);
    folder.empty();
    return folder;
  }

  Path path() {
    return path;
  }

  Path postgres() {
    return path.resolve("postgres");
  }

  Path runs() {
    return path.resolve("runs");
  }

  /** Writes a file that its owner alone may read. */
  Path write(String name, String content) {
    try {
      var file = path.resolve(name);
      Files.deleteIfExists(file);
      Files.createFile(file);
      ownerOnly(file, "rw-------");
      return Files.writeString(file, content);
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    }
  }

  /** A new random secret, written to the file of that name. */
  String secret(String name) {
    var bytes = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(bytes);
    var secret = HexFormat.of().formatHex(bytes);
    write(name, secret);
    return secret;
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }

  private static boolean ours(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (Stream<Path> content = Files.list(path)) {
      return Files.isRegularFile(path.resolve(MARKER), LinkOption.NOFOLLOW_LINKS)
          || content.findAny().isEmpty();
    }
  }

  private static FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException inThisProcess) {
      return null;
    }
  }

  private void empty() throws IOException {
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            folder.toFile().setWritable(true); // an agent may have taken that away
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!file.equals(path.resolve(MARKER)) && !file.equals(path.resolve(LOCK))) {
              Files.delete(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException failed)
              throws IOException {
            if (!folder.equals(path)) {
              Files.delete(folder);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    Files.createDirectories(runs());
  }

  private static void ownerOnly(Path file, String permissions) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
  }
}

package ai.proompteng.jangar.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Markdown pages, and the code blocks in them. */
public final class Docs {
  private static final Pattern BLOCK =
      Pattern.compile("^( *)```(\\w*)\\s*\\n(.*?)^ *```", Pattern.MULTILINE | Pattern.DOTALL);
  private static final List<Path> ROOTS =
      List.of(Path.of("README.md"), Path.of("docs"), Path.of("routes"), Path.of("helm"));

  /** A block, and where it stands. */
  public record Block(Path file, int line, String language, String text) {
    @Override
    public String toString() {
      return file + ":" + line;
    }
  }

  private Docs() {}

  /** Every page. */
  public static List<Path> pages() {
    return files(".md");
  }

  /** Every YAML block of every page. */
  public static List<Block> yaml() {
    return pages().stream()
        .flatMap(page -> blocks(page).stream())
        .filter(block -> block.language().matches("ya?ml"))
        .toList();
  }

  /** The blocks of one page. */
  public static List<Block> blocks(Path page) {
    var text = read(page);
    return BLOCK.matcher(text).results().map(found -> block(page, text, found)).toList();
  }

  /** The manifests that the chart brings to be tried, each as one block. */
  public static List<Block> examples() {
    return files(".yaml").stream()
        .filter(file -> file.startsWith("helm") && file.toString().contains("/examples/"))
        .map(file -> new Block(file, 1, "yaml", read(file)))
        .toList();
  }

  public static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> files(String ending) {
    var files = new ArrayList<Path>();
    for (var root : ROOTS) {
      if (Files.exists(root)) {
        try (Stream<Path> all = Files.walk(root)) {
          all.filter(file -> file.toString().endsWith(ending)).sorted().forEach(files::add);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return files;
  }

  private static Block block(Path file, String text, MatchResult found) {
    var line = (int) text.substring(0, found.start()).lines().count() + 1;
    return new Block(
        file, line, found.group(2), found.group(3).replaceAll("(?m)^" + found.group(1), ""));
  }
}

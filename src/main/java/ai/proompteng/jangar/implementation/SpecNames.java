package ai.proompteng.jangar.implementation;

import ai.proompteng.jangar.core.Hashes;
import ai.proompteng.jangar.core.Names;
import ai.proompteng.jangar.core.WorkItem;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the ImplementationSpec of an item is called (integrations-and-helm.md 1.11): readable where
 * that is provably unique, else with a hash, which {@code impl} can never equal. Pure.
 */
public final class SpecNames {
  private static final int KEPT_BEFORE_HASH = 52;
  private static final int HASH = 10;
  private static final Pattern GITHUB = Pattern.compile("([a-z0-9]+)/([a-z0-9-]+)#[0-9]+");
  private static final Pattern LINEAR = Pattern.compile("[a-z][a-z0-9]*-[0-9]+");

  private SpecNames() {}

  /**
   * The names an item may take, in order: the next one only when an object of somebody else stands
   * under the one before.
   */
  public static List<String> of(WorkItem item) {
    var name = combined(item);
    var identity = identity(item);
    var hashed = hashed(name, identity);
    var last = hashed(name, identity + "\n" + sourceId(item));
    return isUnique(item, name) ? List.of(name, hashed, last) : List.of(hashed, last);
  }

  /**
   * The item's immutable id within its provider. A word that stands for a route has its own ids, so
   * the word is part of it.
   */
  public static String sourceId(WorkItem item) {
    var id = item.sourceId() == null ? item.externalId() : item.sourceId();
    return isCustom(item) ? item.source() + "/" + id : id;
  }

  /** The source's name as a label's value; hashed when it is too long for one. */
  public static String sourceLabel(String source) {
    return source.length() <= Names.MAX_LENGTH
        ? Names.labelValue(source)
        : hashed(Names.labelValue(source), source);
  }

  static boolean isCustom(WorkItem item) {
    return "custom".equals(item.provider());
  }

  private static String combined(WorkItem item) {
    var base = item.externalId();
    if ("linear".equals(item.provider())) {
      base = "linear-" + base;
    } else if (isCustom(item)) {
      base = item.source() + "-" + base;
    }
    var name = base.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]+", "-") + "-impl";
    return name.replaceAll("^-+", "");
  }

  private static boolean isUnique(WorkItem item, String name) {
    var id = item.externalId().toLowerCase(Locale.ROOT);
    if (name.length() > Names.MAX_LENGTH) {
      return false;
    }
    if ("linear".equals(item.provider())) {
      return LINEAR.matcher(id).matches();
    }
    var github = GITHUB.matcher(id);
    return "github".equals(item.provider())
        && github.matches()
        && !"linear".equals(github.group(1));
  }

  private static String identity(WorkItem item) {
    if (isCustom(item)) {
      return "custom:" + item.source() + "\n" + item.externalId();
    }
    return item.provider() + ":" + item.externalId().toLowerCase(Locale.ROOT);
  }

  private static String hashed(String name, String identity) {
    var stem = name.length() > KEPT_BEFORE_HASH ? name.substring(0, KEPT_BEFORE_HASH) : name;
    return Stream.of(stem.replaceAll("[-.]+$", ""), Hashes.sha256(identity).substring(0, HASH))
        .filter(part -> !part.isEmpty())
        .reduce((left, right) -> left + "-" + right)
        .orElseThrow();
  }
}

package ai.proompteng.jangar;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Which known name somebody may have meant: the nearest, by letters to change. */
final class Misspelt {
  private static final int LETTERS = 4;

  private Misspelt() {}

  /** The nearest that is four letters away at the most. */
  static Optional<String> nearest(String name, Collection<String> known) {
    return known.stream()
        .filter(each -> Math.abs(each.length() - name.length()) <= LETTERS)
        .filter(each -> distance(name, each) <= LETTERS)
        .min(Comparator.<String>comparingInt(each -> distance(name, each)).thenComparing(n -> n));
  }

  /** Levenshtein's: insertions, deletions and replacements, one row of the table at a time. */
  private static int distance(String one, String other) {
    var row = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }
}

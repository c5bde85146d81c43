package ai.proompteng.jangar.implementation;

import ai.proompteng.jangar.api.Decoder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * When each label arrived (decision 40): {@code <source version>/<count>}. The count grows at each
 * return, since versions may be whole seconds; a label that left is remembered, so that its return
 * counts. Pure.
 */
public final class LabelArrivals {
  /** How much of an object's metadata the annotation may take, in bytes. */
  static final int MAX_BYTES = 131_072;

  private static final TypeReference<TreeMap<String, String>> TYPE = new TypeReference<>() {};

  private LabelArrivals() {}

  /**
   * The annotation read.
   *
   * @param annotation null or anything that is no map counts as empty
   */
  public static Map<String, String> read(String annotation) {
    if (annotation == null) {
      return Map.of();
    }
    try {
      var read = Decoder.mapper().readValue(annotation, TYPE);
      return read == null ? Map.of() : read;
    } catch (JsonProcessingException e) {
      return Map.of(); // somebody edited it by hand: labels arrive anew
    }
  }

  /** The annotation of these arrivals; null when there are none. */
  static String write(Map<String, String> arrivals) {
    try {
      return arrivals.isEmpty() ? null : Decoder.mapper().writeValueAsString(arrivals);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of strings is always JSON", e);
    }
  }

  /**
   * The arrivals after a state of the item.
   *
   * @param before as remembered
   * @param had the labels that were on the item
   * @param has the labels that are on it now
   * @param version of the state that has them
   */
  static Map<String, String> after(
      Map<String, String> before, Collection<String> had, List<String> has, Instant version) {
    var arrivals = new TreeMap<>(before);
    for (var label : has) {
      var last = arrivals.get(label);
      if (last == null || !had.contains(label)) {
        arrivals.put(label, version + "/" + (count(last) + 1));
      }
    }
    forgetOldest(arrivals, has);
    return arrivals;
  }

  private static void forgetOldest(Map<String, String> arrivals, List<String> has) {
    int size = arrivals.entrySet().stream().mapToInt(LabelArrivals::size).sum();
    if (size <= MAX_BYTES) {
      return;
    }
    var gone =
        arrivals.entrySet().stream()
            .filter(entry -> !has.contains(entry.getKey()))
            .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
            .sorted(Comparator.comparing(entry -> since(entry.getValue())))
            .toList();
    for (var entry : gone) {
      if (size <= MAX_BYTES) {
        return;
      }
      arrivals.remove(entry.getKey());
      size -= size(entry);
    }
  }

  private static int size(Map.Entry<String, String> entry) {
    return SpecText.bytes(entry.getKey()) + SpecText.bytes(entry.getValue()) + 6;
  }

  private static Instant since(String arrival) {
    return Versions.parse(arrival.split("/", 2)[0]).orElse(Instant.EPOCH);
  }

  private static int count(String arrival) {
    if (arrival == null) {
      return 0;
    }
    var digits = arrival.substring(arrival.lastIndexOf('/') + 1);
    return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : 1;
  }
}
